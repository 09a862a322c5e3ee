import Foundation
import LoopbackServer
import Testing

@testable import Corpus

struct DownloadTests {
    private static let bodies = ["/texts/train": "a b\n", "/texts/valid": "a\n", "/texts/test": "b\n"]

    private static func published(mirrors: [String] = []) -> PublishedText {
        PublishedText(
            folderName: "tiny", names: .pennTreebank, path: "texts/*", mirrors: mirrors.map { "\($0)/texts/*" },
            hashes: SplitNames.splits.map { sha256(Array((bodies["/texts/\($0)"] ?? "").utf8)) })
    }

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
        let texts = try Download(bases: [server.url + slash]).texts(of: Self.published(), into: place)
        #expect(texts.map(\.url.lastPathComponent) == SplitNames.pennTreebank.all)
        #expect(folder.files == SplitNames.pennTreebank.all.map { "data/tiny/\($0)" }.sorted())
        #expect(try Data(contentsOf: place.appendingPathComponent("ptb.train.txt")) == Data("a b\n".utf8))

        #expect(try Download(bases: [LoopbackServer.nowhere]).texts(of: Self.published(), into: place).count == 3)
    }

    @Test func `passes over addresses that are dead, know nothing or have wrong bytes`() throws {
        let folder = try TemporaryFolder()
        let without = try LoopbackServer([:])
        let wrong = try LoopbackServer(Self.served(["/texts/train": "x\n", "/texts/valid": "x\n", "/texts/test": "x\n"]))
        let right = try LoopbackServer(Self.served())
        let published = Self.published(mirrors: [LoopbackServer.nowhere, without.url, wrong.url, right.url])
        #expect(try Download().texts(of: published, into: folder.url).count == 3)
        #expect(folder.files == SplitNames.pennTreebank.all.sorted())
        #expect(try Data(contentsOf: folder.url.appendingPathComponent("ptb.valid.txt")) == Data("a\n".utf8))
    }

    @Test func `the message says what each address answered, the user's first, then what to do`() throws {
        let folder = try TemporaryFolder()
        let without = try LoopbackServer([:])
        let wrong = try LoopbackServer(Self.served(["/texts/train": "x\n"]))
        let published = Self.published(mirrors: [LoopbackServer.nowhere, without.url])
        let error = try failure { try Download(bases: [wrong.url, without.url + "/"]).texts(of: published, into: folder.url) }
        #expect(error.kind == .inputOutput)
        let lines = error.message.split(separator: "\n").map(String.init)
        try #require(lines.count == 7, "\(error.message)")
        #expect(lines[0] == "ptb.train.txt: no address has it; nothing was kept")
        #expect(
            lines[1] == "\(wrong.url)/texts/train: what came has the SHA-256 \(sha256(Array("x\n".utf8))), but \(published.hashes[0]) is right")
        #expect(lines[2] == "\(without.url)/texts/train: the server answered 404")
        #expect(lines[3].hasPrefix("\(LoopbackServer.nowhere)/texts/train: cannot be downloaded: "))
        #expect(lines[4] == "\(without.url)/texts/train: the server answered 404")
        #expect(
            lines[5] == "Name another address with --mirror, or put ptb.train.txt, ptb.valid.txt and ptb.test.txt into \(folder.url.path).")
        #expect(lines[6].contains("make ablate-kjv") && lines[6].contains("--dataset kjv") && lines[6].contains("--dataset synthetic"))
        #expect(folder.files.isEmpty)
    }

    @Test func `keeps nothing whose hash is wrong`() throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(Self.served(["/texts/valid": "x\n"]))
        // An address that gives no answer does not make the wrong bytes any better.
        let published = Self.published(mirrors: [LoopbackServer.nowhere])
        let error = try failure { try Download(bases: [server.url]).texts(of: published, into: folder.url) }
        #expect(error.kind == .data)
        #expect(error.message.contains("\(server.url)/texts/valid: what came has the SHA-256"))
        #expect(error.message.contains(published.hashes[1]))
        #expect(folder.files == ["ptb.train.txt"])
    }

    @Test func `a body that ends early is not kept`() throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(Self.served(), cutAfter: 1)
        let error = try failure { try Download(bases: [server.url]).texts(of: Self.published(), into: folder.url) }
        #expect(error.kind == .inputOutput)
        #expect(folder.files.isEmpty)
    }

    @Test(arguments: [0, 1])
    func `an address that falls silent is passed over`(bytes: Int) throws {
        let folder = try TemporaryFolder()
        let silent = try LoopbackServer(Self.served(), cutAfter: bytes, stalls: true)
        let server = try LoopbackServer(Self.served())
        let error = try failure { try Download(patience: 0.5).texts(of: Self.published(mirrors: [silent.url]), into: folder.url) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains("\(silent.url)/texts/train: cannot be downloaded: "))
        // Long enough for an address that answers, on a machine that is busy.
        #expect(try Download(patience: 3).texts(of: Self.published(mirrors: [silent.url, server.url]), into: folder.url).count == 3)
    }

    @Test func `the known addresses are on more than one host, and each names the split`() {
        for published in [PublishedText.pennTreebank, .wikiText2] {
            let urls = published.addresses(ofSplit: 1, bases: []).compactMap { URL(string: $0) }
            #expect(urls.count == published.mirrors.count && urls.allSatisfy { $0.scheme == "https" && $0.path.contains("valid") })
            #expect(Set(urls.compactMap(\.host)).count > 1)
            #expect(published.addresses(ofSplit: 0, bases: ["http://a", "http://b/"]).prefix(2) == [
                "http://a/\(published.path.replacingOccurrences(of: "*", with: "train"))",
                "http://b/\(published.path.replacingOccurrences(of: "*", with: "train"))",
            ])
        }
    }

    @Test(arguments: ["", "nonsense", "ftp://127.0.0.1", "http://", "not a url"])
    func `a mirror that is not a web address`(mirror: String) throws {
        let folder = try TemporaryFolder()
        let library = DatasetLibrary(dataDirectory: folder.url.path, mirrors: [mirror], environment: [:])
        let error = try failure { try library.fetch(.ptb) }
        #expect(error.kind == .usage)
        #expect(error.message.hasPrefix("--mirror '\(mirror)': not a base URL"))
    }

    @Test(arguments: ["http://mirror.example.org", "http://192.0.2.1:80", "HTTP://10.0.0.1/", "http://localhost.example.org", "http://127.0.0.1.example.org"])
    func `a mirror that is not asked over TLS is refused`(mirror: String) throws {
        let folder = try TemporaryFolder()
        let error = try failure { try DatasetLibrary(dataDirectory: folder.url.path, mirrors: [mirror], environment: [:]).fetch(.ptb) }
        #expect(error.kind == .usage)
        #expect(error.message.hasPrefix("--mirror '\(mirror)': not "), "\(error.message)")
        // A public address of such a kind would not be asked either.
        let other = try failure { try Download(patience: 1).texts(of: Self.published(mirrors: [mirror]), into: folder.url) }
        #expect(other.message.contains("/texts/train: cannot be downloaded: not over TLS"), "\(other.message)")
        #expect(folder.files.isEmpty)
    }

    @Test(arguments: ["https://a", "http://localhost:8000", "http://127.0.0.1:1", "http://[::1]:1", "HTTPS://b/c"])
    func `this machine itself may be asked without TLS`(address: String) throws {
        #expect(Transfer.isAllowed(try #require(URL(string: address))))
    }

    @Test(arguments: ["http://192.0.2.1/x", "ftp://127.0.0.1/x"])
    func `a redirection to an address without TLS is not followed`(target: String) throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer([:], redirections: ["/texts/train": target])
        let error = try failure { try Download(bases: [server.url], patience: 3).texts(of: Self.published(), into: folder.url) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains("it leads to \(target), which is not over TLS"), "\(error.message)")
        #expect(folder.files.isEmpty)
    }

    @Test func `a redirection on this machine is followed, and the hash still decides`() throws {
        let folder = try TemporaryFolder()
        let right = try LoopbackServer(Self.served())
        let server = try LoopbackServer([:], redirections: Dictionary(uniqueKeysWithValues: Self.bodies.keys.map { ($0, right.url + $0) }))
        #expect(try Download(bases: [server.url]).texts(of: Self.published(), into: folder.url).count == 3)
    }

    @Test(arguments: [false, true])
    func `no more than the limit is taken, whether the length is announced or not`(hidesLength: Bool) throws {
        let folder = try TemporaryFolder()
        let server = try LoopbackServer(Self.served(), hidesLength: hidesLength)
        let large = try LoopbackServer(Self.served(["/texts/train": String(repeating: "a b\n", count: 250_000)]), hidesLength: hidesLength)
        for (server, limit) in [(server, 3), (large, 500_000)] {
            let error = try failure { try Download(bases: [server.url], largestFile: limit).texts(of: Self.published(), into: folder.url) }
            #expect(error.kind == .inputOutput)
            #expect(error.message.contains("it sends more than \(limit == 3 ? "3 bytes" : "500 kB"), the most that is taken"), "\(error.message)")
        }
        #expect(folder.files.isEmpty)
        #expect(try Download(bases: [server.url], largestFile: 4).texts(of: Self.published(), into: folder.url).count == 3)
    }

    @Test func `a folder that cannot be written`() throws {
        let folder = try TemporaryFolder(["occupied": "a file\n"])
        let server = try LoopbackServer(Self.served())
        let place = folder.url.appendingPathComponent("occupied/tiny")
        let error = try failure { try Download(bases: [server.url]).texts(of: Self.published(), into: place) }
        #expect(error.kind == .inputOutput)
        #expect(error.message.contains("cannot be written"))
    }
}
