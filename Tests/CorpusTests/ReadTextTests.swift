import Documents
import Foundation
import Testing

@testable import Corpus

/// Words of a vocabulary in a file, and text read with them.
struct ReadTextTests {
    @Test func `a vocabulary comes back from its file as it was`() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("vocabulary.txt")
        // Two spellings of one letter, a line separator that is none of ours, and marks.
        let vocabulary = Vocabulary(["the", "<eos>", "caf\u{E9}", "cafe\u{301}", "a\u{2028}b", "\u{FEFF}", ",", "\"", "<unk>"])
        try vocabulary.write(to: file)
        let read = try Vocabulary(file: file)
        #expect(read == vocabulary && read.digest == vocabulary.digest && read.count == 9)
        #expect(try Data(contentsOf: file).last == UInt8(ascii: "\n"))
        try folder.write(Data([0x61, 0x0A, 0xFF]), to: "bad.txt")
        #expect(throws: InputError.self) { try Vocabulary(file: folder.url.appendingPathComponent("bad.txt")) }
        #expect(throws: InputError.self) { try Vocabulary(file: folder.url.appendingPathComponent("missing.txt")) }
    }

    private static let words = Vocabulary(["a", "b", "<eos>", "<unk>"])

    @Test func `unknown words are counted and read as unk, or left out where there is none`() throws {
        let text = try ReadText("a x <unk>\r\n\nb x y", vocabulary: Self.words)
        #expect(text.tokens == [0, 3, 3, 2, 2, 1, 3, 3])
        #expect(text.words == 6 && text.unknownWords == 3 && text.unknownExamples == ["x", "y"])
        let without = try ReadText("a x <unk>\n b", vocabulary: Vocabulary(["a", "b", "<eos>"]))
        #expect(without.tokens == [0, 2, 1] && without.unknownWords == 2 && without.unknownExamples == ["x", "<unk>"])
        #expect(try ReadText("a\n", vocabulary: Self.words).tokens == [0, 2])
        #expect(try ReadText("a\n", vocabulary: Vocabulary(["a"])).tokens == [0])
    }

    @Test func `a file is read as a corpus reads it`() throws {
        let folder = try TemporaryFolder(["train.txt": "a b\nb <unk> c\n", "valid.txt": "c d\n", "test.txt": "a\n\ne b"])
        let corpus = try folder.load()
        let file = folder.url.appendingPathComponent("test.txt").path
        #expect(try DatasetLibrary().text(file, readWith: corpus.vocabulary).tokens == corpus.test)
    }

    @Test func `what is no text is refused by name`() throws {
        let folder = try TemporaryFolder(["empty.txt": " \n", "text.txt": "a\n"])
        func refusal(_ path: String, library: DatasetLibrary = DatasetLibrary()) -> InputError? {
            do {
                _ = try library.text(path, readWith: Self.words)
                return nil
            } catch {
                return error as? InputError
            }
        }
        let missing = refusal(folder.url.path + "/missing")
        #expect(missing?.kind == .inputOutput && missing?.message.contains("missing: there is no such file") == true)
        for path in [folder.url.path, "/dev/zero"] {
            let error = refusal(path)
            #expect(error?.kind == .inputOutput && error?.message == "\(path): is not a plain file; give a text file")
        }
        #expect(refusal(folder.url.path + "/empty.txt")?.kind == .data)
        let small = DatasetLibrary { .init(bytes: 1, limit: "a test's") }
        #expect(refusal(folder.url.path + "/text.txt", library: small)?.kind == .memory)
    }
}
