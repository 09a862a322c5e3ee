import Documents
import Foundation
import Testing

@testable import Corpus

struct FolderCorpusTests {
    private static let splits = ["train": "a b\nb <unk> c\n", "valid": "c d\n", "test": "a\n\ne\n"]

    @Test(arguments: ["*.txt", "ptb.*.txt", "wiki.*.tokens", "kjv.*.txt"])
    func `reads a folder under any of the known names`(pattern: String) throws {
        let folder = try TemporaryFolder()
        for (split, text) in Self.splits {
            try folder.write(Data(text.utf8), to: pattern.replacingOccurrences(of: "*", with: split))
        }
        let corpus = try folder.load()
        #expect(corpus.name == folder.url.lastPathComponent)
        #expect(corpus.vocabulary.words == ["a", "b", "<eos>", "<unk>", "c", "d", "e"])
        #expect(corpus.train == [0, 1, 2, 1, 3, 4, 2])
        #expect(corpus.validation == [4, 5, 2])
        #expect(corpus.test == [0, 2, 2, 6, 2])
        #expect(corpus.vocabulary["d"] == 5)
        #expect(corpus.vocabulary["f"] == nil)
    }

    @Test func `any ASCII white space separates words, and a last line without a line feed counts`() throws {
        let folder = try TemporaryFolder(["train.txt": "\u{FEFF}a\tb \r\n c\u{0B}d\u{0C}\n  \né", "valid.txt": "a\r\n", "test.txt": " b"])
        let corpus = try folder.load()
        #expect(corpus.train.map { corpus.vocabulary.words[Int($0)] } == ["a", "b", "<eos>", "c", "d", "<eos>", "<eos>", "é", "<eos>"])
        #expect(corpus.validation.map { corpus.vocabulary.words[Int($0)] } == ["a", "<eos>"])
        #expect(corpus.test.map { corpus.vocabulary.words[Int($0)] } == ["b", "<eos>"])
    }

    @Test func `words that differ in their bytes are different words`() throws {
        let folder = try TemporaryFolder(["train.txt": "\u{E9} e\u{301}\n", "valid.txt": "\u{E9}\n", "test.txt": "e\u{301}\n"])
        let corpus = try folder.load()
        #expect(corpus.vocabulary.count == 3)
        #expect(corpus.validation[0] != corpus.test[0])
        #expect(corpus.vocabulary["e\u{301}"] == 1)
    }

    @Test func `a part of the training text reads other words as unknown`() throws {
        let folder = try TemporaryFolder(["train.txt": "a b\nc d\n", "valid.txt": "a d\n", "test.txt": "e b\n"])
        let part = try folder.load(trainingTokens: 4)
        #expect(part.isPartial)
        #expect(part.vocabulary.words == ["a", "b", "<eos>", "c", "<unk>"])
        #expect(part.train == [0, 1, 2, 3])
        #expect(part.validation == [0, 4, 2])
        #expect(part.test == [4, 1, 2])
        #expect(try !folder.load(trainingTokens: 6).isPartial)
        #expect(try folder.load(trainingTokens: 1000) == folder.load())
        #expect(throws: InputError.self) { try folder.load(trainingTokens: -1) }
    }

    @Test func `the digest tells texts apart`() throws {
        let text = ["train.txt": "a b c\n", "valid.txt": "a\n", "test.txt": "b\n"]
        let digest = try TemporaryFolder(text).load().digest
        #expect(digest.count == 64)
        #expect(try TemporaryFolder(text).load().digest == digest)
        for (name, other) in [("train.txt", "a c b\n"), ("valid.txt", "b\n"), ("test.txt", "a\n"), ("train.txt", "a b x\n")] {
            #expect(try TemporaryFolder(text.merging([name: other]) { $1 }).load().digest != digest)
        }
    }

    @Test func `the vocabulary's digest is that of its words, a line each`() {
        // printf 'a\nb' | sha256sum
        #expect(Vocabulary(["a", "b"]).digest == "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78")
    }

    @Test func `names of datasets`() {
        #expect(Dataset(argument: "ptb") == .ptb)
        #expect(Dataset(argument: "wt2") == .wt2)
        #expect(Dataset(argument: "synthetic") == .synthetic)
        #expect(Dataset(argument: "texts/novels/") == .folder("texts/novels/"))
        #expect(Dataset(argument: "texts/novels/").name == "novels")
        #expect(Dataset(argument: "./ptb") == .folder("./ptb"))
        #expect(Dataset(argument: "./ptb").name == "ptb-folder")
        #expect(Dataset(argument: "kjv") == .kjv)
        #expect(Dataset.known.map(\.name) == ["ptb", "wt2", "kjv", "synthetic"])
        #expect(Dataset.list == "ptb, wt2, kjv, synthetic")
        #expect(Dataset(argument: "texts/kjv").name == "kjv-folder")
    }
}
