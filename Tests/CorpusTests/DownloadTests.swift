import Foundation
import Testing

@testable import Corpus

struct DownloadTests {
    private static let bodies = ["/texts/train": "a b\n", "/texts/valid": "a\n", "/texts/test": "b\n"]

    private static let published = PublishedText(
        folderName: "tiny", names: .pennTreebank, paths: ["texts/train", "texts/valid", "texts/test"],
        hashes: ["/texts/train", "/texts/valid", "/texts/test"].map { sha256(Array((bodies[$0] ?? "").utf8)) })

    private static func served(_ changes: [String: String?] = [:]) -> [String: Data] {
        var files = bodies.mapValues { Data($0.utf8) }
        for (path, text) in changes {
            files[path] = text.map { Data($0.utf8) }
        }
        return files
    }

    @Test(arguments: ["", "/"])
    func `downloads what is missing, once`(slash: String) throws {
        let folder = try TemporaryFolder()
        let place = folder.url.appendingPathComponent("data/tiny")
        let server = try LoopbackServer(Self.served())
        let texts = try Download(base: server.url + slash).texts(of: Self.published, into: place)
        #expect(texts.map(\.url.lastPathComponent) == SplitNames.pennTreebank.all)
        #expect(folder.files == SplitNames.pennTreebank.all.map { "data/tiny/\($0)" }.sorted())
        #expect(try Data(contentsOf: place.appendingPathComponent("ptb.train.txt")) == Data("a b\n".utf8))

        let unreachable = Download(base: "http://127.0.0.1:9")
        #expect(try unreachable.texts(of: Self.published, into: place).count == 3)
    }

    @Test func `keeps nothing whose hash is wrong`() throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(Self.served(["/texts/valid": "x\n"]))
        let error = try failure { try Download(base: server.url).texts(of: Self.published, into: folder.url) }
        #expect(error.kind == .data)
        #expect(error.message.hasPrefix("\(server.url)/texts/valid: what came has the SHA-256"))
        #expect(error.message.contains(Self.published.hashes[1]))
        #expect(folder.files == ["ptb.train.txt"])
    }

    @Test func `a body that ends early is not kept`() throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(Self.served(), cutAfter: 1)
        _ = try failure { try Download(base: server.url).texts(of: Self.published, into: folder.url) }
        #expect(folder.files.isEmpty)
    }

    @Test func `an address that the server does not know`() throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(Self.served(["/texts/train": nil]))
        let error = try failure { try Download(base: server.url).texts(of: Self.published, into: folder.url) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.hasPrefix("\(server.url)/texts/train: the server answered 404"))
        #expect(folder.files.isEmpty)
    }

    @Test func `without network, the error names the folder and the synthetic corpus`() throws {
        let folder = try TemporaryFolder()
        let library = DatasetLibrary(dataDirectory: folder.url.path, mirror: "http://127.0.0.1:9", environment: [:])
        let error = try failure { try library.load(.wt2) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains(folder.url.appendingPathComponent("wikitext-2").path))
        #expect(error.message.contains("wiki.train.tokens, wiki.valid.tokens and wiki.test.tokens"))
        #expect(error.message.contains("--dataset synthetic"))
        #expect(folder.files.isEmpty)
    }

    @Test(arguments: ["", "nonsense", "ftp://127.0.0.1", "http://", "not a url"])
    func `a mirror that is not a web address`(mirror: String) throws {
        let folder = try TemporaryFolder()
        let library = DatasetLibrary(dataDirectory: folder.url.path, mirror: mirror, environment: [:])
        let error = try failure { try library.fetch(.ptb) }
        #expect(error.message.contains("not a base URL"))
    }

    @Test func `a folder that cannot be written`() throws {
        let folder = try TemporaryFolder(["occupied": "a file\n"])
        let server = try LoopbackServer(Self.served())
        let place = folder.url.appendingPathComponent("occupied/tiny")
        let error = try failure { try Download(base: server.url).texts(of: Self.published, into: place) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains("cannot be written"))
    }
}
