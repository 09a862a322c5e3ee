import Foundation
import LoopbackServer
import Testing

@testable import Corpus

private let dataFolder = ProcessInfo.processInfo.environment["ABLATE_DATA"]

/// Where Penn Treebank is looked for and where it is put.
@Suite(.enabled(if: dataFolder != nil, "set ABLATE_DATA to a folder with ptb/ and wikitext-2/"))
struct DataFolderTests {
    private static let unreachable = LoopbackServer.nowhere

    private func text(_ split: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: dataFolder ?? "").appendingPathComponent("ptb/ptb.\(split).txt"))
    }

    @Test func `the folder given comes before the environment's`() throws {
        let wrong = try TemporaryFolder(["ptb/train.txt": "a\n", "ptb/valid.txt": "a\n", "ptb/test.txt": "a\n"])
        let given = DatasetLibrary(
            dataDirectory: wrong.url.path, mirrors: [Self.unreachable], environment: ["ABLATE_DATA": dataFolder ?? ""])
        #expect(try failure { try given.fetch(.ptb) }.message.contains(wrong.url.path))
    }

    @Test func `a folder without the corpus gives way to the next`() throws {
        let empty = try TemporaryFolder()
        let library = DatasetLibrary(
            dataDirectory: empty.url.path, mirrors: [Self.unreachable], environment: ["ABLATE_DATA": dataFolder ?? ""])
        #expect(try library.fetch(.ptb).map(\.lastPathComponent) == SplitNames.pennTreebank.all)
        #expect(empty.files.isEmpty)
    }

    @Test func `plain names will do where the bytes are right`() throws {
        let folder = try TemporaryFolder()
        for split in ["train", "valid", "test"] {
            try folder.write(text(split), to: "ptb/\(split).txt")
        }
        let library = DatasetLibrary(dataDirectory: folder.url.path, mirrors: [Self.unreachable], environment: [:])
        #expect(try library.load(.ptb).vocabulary.count == 10_000)
    }

    @Test func `what no folder has is downloaded into the first`() throws {
        let paths = ["train", "valid", "test"].map { ("/tomsercu/lstm/master/data/ptb.\($0).txt", $0) }
        let server = try LoopbackServer(Dictionary(uniqueKeysWithValues: paths.map { try ($0.0, text($0.1)) }))
        let first = try TemporaryFolder()
        let second = try TemporaryFolder()
        let library = DatasetLibrary(
            dataDirectory: first.url.path, mirrors: [server.url], environment: ["ABLATE_DATA": second.url.path])
        #expect(try library.load(.ptb).train.count == 929_589)
        #expect(first.files == ["ptb/ptb.test.txt", "ptb/ptb.train.txt", "ptb/ptb.valid.txt"])
        #expect(second.files.isEmpty)

        let offline = DatasetLibrary(dataDirectory: nil, mirrors: [Self.unreachable], environment: ["ABLATE_DATA": first.url.path])
        #expect(try offline.fetch(.ptb).map { $0.deletingLastPathComponent().path } == Array(repeating: first.url.path + "/ptb", count: 3))
    }
}
