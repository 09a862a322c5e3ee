import Documents
import Foundation
import Testing

@testable import Corpus

struct BadTextTests {
    private static let good = ["train.txt": "a b\n", "valid.txt": "a\n", "test.txt": "b\n"]

    @Test func `missing folder`() throws {
        let path = try TemporaryFolder().url.appendingPathComponent("nowhere").path
        let error = try failure { try DatasetLibrary().load(.folder(path)) }
        #expect(error.kind == .data)
        #expect(error.message.hasPrefix("\(path): there is no such folder"))
        #expect(error.message.contains("ptb, wt2, kjv, synthetic"))
    }

    @Test(arguments: [("PTB", "ptb"), ("ptb/", "ptb"), ("./Wt2//", "wt2"), ("KJV", "kjv"), ("Synthetic", "synthetic")])
    func `a name that is nearly a dataset's`(argument: String, meant: String) throws {
        let error = try failure { try DatasetLibrary().load(Dataset(argument: argument)) }
        #expect(error.kind == .data)
        #expect(error.message.hasSuffix("there is no such folder; a dataset is ptb, wt2, kjv, synthetic, or a folder with train.txt, valid.txt and test.txt. Did you mean '\(meant)'?"))
    }

    @Test(arguments: ["novels", "texts/PTB", "/nowhere/ptb"])
    func `a folder elsewhere is not taken for a dataset's name`(argument: String) throws {
        #expect(try !failure { try DatasetLibrary().load(Dataset(argument: argument)) }.message.contains("Did you mean"))
    }

    @Test func `an empty path is no folder`() throws {
        let error = try failure { try DatasetLibrary().load(.folder("")) }
        #expect(error.message.hasPrefix("dataset ''"))
    }

    @Test func `a file in place of the folder`() throws {
        let folder = try TemporaryFolder(Self.good)
        let path = folder.url.appendingPathComponent("train.txt").path
        let error = try failure { try DatasetLibrary().load(.folder(path)) }
        #expect(error.kind == .data)
        #expect(error.message.hasPrefix("\(path): is a file"))
    }

    @Test func `missing split`() throws {
        let folder = try TemporaryFolder(["wiki.train.tokens": "a\n", "wiki.test.tokens": "a\n"])
        let error = try failure { try folder.load() }
        #expect(error.kind == .data)
        #expect(error.message.contains(": wiki.valid.tokens missing"))
        #expect(error.message.contains(folder.url.path))
    }

    @Test func `two corpora in one folder`() throws {
        let folder = try TemporaryFolder(Self.good)
        for split in ["train", "valid", "test"] {
            try folder.write(Data("c\n".utf8), to: "ptb.\(split).txt")
        }
        let error = try failure { try folder.load() }
        #expect(error.kind == .data)
        #expect(error.message.contains("more than one corpus"))
    }

    @Test(arguments: ["", "\n \r\n\t"])
    func `empty file`(text: String) throws {
        let error = try failure { try TemporaryFolder(Self.good.merging(["valid.txt": text]) { $1 }).load() }
        #expect(error.kind == .data)
        #expect(error.message.contains("/valid.txt: the file has no words"))
    }

    @Test(arguments: [[0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func `invalid UTF-8 is named by its line`(bytes: [UInt8]) throws {
        let folder = try TemporaryFolder(Self.good)
        try folder.write(Data("a é\n\nb ".utf8) + Data(bytes) + Data("\nc\n".utf8), to: "test.txt")
        let error = try failure { try folder.load() }
        #expect(error.kind == .data)
        #expect(error.message.contains("/test.txt, line 3: not valid UTF-8"))
    }

    @Test func `a NUL is named by its line`() throws {
        let folder = try TemporaryFolder(Self.good)
        try folder.write(Data("a b\nc\0d\n".utf8), to: "valid.txt")
        let error = try failure { try folder.load() }
        #expect(error.kind == .data)
        #expect(error.message.contains("/valid.txt, line 2: has a NUL"))
    }

    @Test(arguments: [Data([0xEF, 0xBB, 0xBF]), Data([0xEF, 0xBB, 0xBF, 0x0A, 0x20])])
    func `a byte order mark is no word`(bytes: Data) throws {
        let folder = try TemporaryFolder(Self.good)
        try folder.write(bytes, to: "train.txt")
        #expect(try failure { try folder.load() }.message.contains("/train.txt: the file has no words"))
    }

    @Test func `text in UTF-16 is refused`() throws {
        let folder = try TemporaryFolder(Self.good)
        for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf32] {
            try folder.write(try #require("a b\n".data(using: encoding)), to: "train.txt")
            #expect(try failure { try folder.load() }.message.contains("/train.txt, line 1"))
        }
    }

    @Test func `a line of 100 MB is read as any other`() throws {
        let folder = try TemporaryFolder(Self.good)
        let count = 2_000_000
        let word = String(repeating: "w", count: 48)
        try folder.write(Data(repeatElement("\(word) ", count: count).joined().utf8) + Data("a\r\n".utf8), to: "train.txt")
        #expect(try Data(contentsOf: folder.url.appendingPathComponent("train.txt"), options: .mappedIfSafe).count > 98_000_000)
        let corpus = try folder.load()
        #expect(corpus.train.count == count + 2 && corpus.vocabulary.words == [word, "a", "<eos>", "b"])
        // A single word of that length too.
        try folder.write(Data(repeating: 0x77, count: 100_000_000), to: "train.txt")
        #expect(try folder.load().train.count == 2)
    }

    @Test(arguments: ["folder", "device without an end", "pipe that nobody writes to"])
    func `a split that is no plain file`(kind: String) throws {
        let folder = try TemporaryFolder(["train.txt": "a\n", "test.txt": "a\n"])
        let file = folder.url.appendingPathComponent("valid.txt")
        switch kind {
        case "folder": try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
        case "pipe that nobody writes to": #expect(mkfifo(file.path, 0o600) == 0)
        default: try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/dev/zero")
        }
        let error = try failure { try folder.load() }
        #expect(error.kind == .inputOutput && error.message.hasSuffix("/valid.txt: is not a plain file; give a text file"))
    }

    @Test func `a published file whose hash is wrong`() throws {
        let folder = try TemporaryFolder([
            "ptb/ptb.train.txt": "a\n", "ptb/ptb.valid.txt": "a\n", "ptb/ptb.test.txt": "a\n",
        ])
        let library = DatasetLibrary(dataDirectory: folder.url.path, environment: [:])
        for attempt in [{ _ = try library.load(.ptb) }, { _ = try library.fetch(.ptb) }] {
            let error = try failure { try attempt() }
            #expect(error.kind == .data)
            #expect(error.message.contains("/ptb/ptb.train.txt: its SHA-256 is"))
            #expect(error.message.contains("fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf is right"))
        }
    }
}

/// The `InputError` that a piece of work throws.
func failure<Value>(_ work: () throws -> Value) throws -> InputError {
    try #require(throws: InputError.self) { _ = try work() }
}
