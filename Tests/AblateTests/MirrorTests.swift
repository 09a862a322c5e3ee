import Foundation
import LoopbackServer
import ProjectFolders
import Testing

@testable import ablate

/// Where the command finds a corpus that no data folder has.
struct MirrorTests {
    /// No address outside this machine is reached, whatever network it has.
    private static let offline = ["https_proxy": LoopbackServer.nowhere, "no_proxy": "127.0.0.1"]

    private func fetch(into folder: URL, mirrors: [String]) throws -> Program.Output {
        try Program.run(
            ["data", "--dataset", "ptb", "--data-dir", folder.path] + mirrors.flatMap { ["--mirror", $0] }, environment: Self.offline)
    }

    @Test func `without a network, the message names every address and the ways out`() throws {
        try withTemporaryFolder { folder in
            let result = try fetch(into: folder, mirrors: [LoopbackServer.nowhere])
            #expect(result.status == 74)
            #expect(result.output == "")
            let lines = result.errors.split(separator: "\n")
            #expect(lines.first == "Error: ptb.train.txt: no address has it; nothing was kept")
            let addresses = lines.filter { $0.contains("/ptb.train.txt: cannot be downloaded: ") }.compactMap { URL(string: String($0.prefix { $0 != " " }))?.host }
            #expect(addresses.first == "127.0.0.1")
            #expect(Set(addresses).count >= 3, "\(result.errors)")
            #expect(result.errors.contains("into \(folder.path)/ptb.\n"))
            #expect(result.errors.contains("make ablate-kjv") && result.errors.contains("--dataset synthetic"))
        }
    }

    @Test func `wrong bytes from all who answer are wrong data`() throws {
        let wrong = try LoopbackServer(["/tomsercu/lstm/master/data/ptb.train.txt": Data("x\n".utf8)])
        try withTemporaryFolder { folder in
            let result = try fetch(into: folder, mirrors: [LoopbackServer.nowhere, wrong.url])
            #expect(result.status == 65)
            #expect(result.errors.contains("\(wrong.url)/tomsercu/lstm/master/data/ptb.train.txt: what came has the SHA-256"))
        }
    }

    @Test(.enabled(if: dataDirectory != nil, "needs ABLATE_DATA"))
    func `of several mirrors the first with the right bytes is taken`() throws {
        let splits = ["train", "valid", "test"]
        let paths = splits.map { "/tomsercu/lstm/master/data/ptb.\($0).txt" }
        let bodies = try splits.map { try Data(contentsOf: URL(fileURLWithPath: (dataDirectory ?? "") + "/ptb/ptb.\($0).txt")) }
        let wrong = try LoopbackServer(Dictionary(uniqueKeysWithValues: paths.map { ($0, Data("x\n".utf8)) }))
        let right = try LoopbackServer(Dictionary(uniqueKeysWithValues: zip(paths, bodies)))
        try withTemporaryFolder { folder in
            let result = try fetch(into: folder, mirrors: [LoopbackServer.nowhere, wrong.url, right.url])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == splits.map { "ptb  \(folder.path)/ptb/ptb.\($0).txt\n" }.joined())
            #expect(try splits.map { try Data(contentsOf: folder.appendingPathComponent("ptb/ptb.\($0).txt")) } == bodies)
        }
    }

    @Test func `child processes get all mirrors in their order`() throws {
        let options = try DataOptions.parse(["--mirror", "http://b", "--data-dir", "texts", "--mirror", "http://a"])
        #expect(options.arguments == ["--data-dir", "texts", "--mirror", "http://b", "--mirror", "http://a"])
    }
}
