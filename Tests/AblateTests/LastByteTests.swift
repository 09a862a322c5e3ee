import Foundation
import ProjectFolders
import Testing

/// Whatever is printed or written ends with one line end and no empty line.
@Suite struct LastByteTests {
    private static let smoke = [
        "--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--set", "hidden-size=8", "--set", "embedding-size=6",
    ]

    private func check(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(text.utf8.last == UInt8(ascii: "\n"), "\(name): \(text.suffix(40).debugDescription)", sourceLocation: sourceLocation)
        let lines = text.replacingOccurrences(of: "\r\n", with: "\n")
        #expect(!lines.hasSuffix("\n\n") && lines != "\n", "\(name): \(text.suffix(40).debugDescription)", sourceLocation: sourceLocation)
    }

    @Test func whateverIsPrintedAndWritten() throws {
        try withTemporaryFolder { folder in
            let (out, swept, bench) = (folder.path + "/out", folder.path + "/swept", folder.path + "/bench.csv")
            let run = ["--drop", "weight-dropping", "--out", out] + Self.smoke
            let reports = ["text", "markdown", "latex", "csv", "json"].flatMap { format in
                [out, "Tests/AblateTests/Fixtures/report/results.csv"].map { ["report", $0, "--format", format] }
            }
            let subcommands = ["run", "sweep", "report", "rows", "info", "spectrum", "eval", "generate", "data", "bench", "train-run"]
            let commands = [
                run, run, run + ["--quiet"], run + ["--dry-run"], run + ["--explain"],
                ["sweep", "--key", "ar", "--values", "0,2", "--out", swept] + Self.smoke, ["report", swept],
                ["eval", out + "/lstm-full-seed1"], ["generate", out + "/lstm-full-seed1"], ["spectrum", out + "/lstm-full-seed1"], ["spectrum", out + "/lstm-weight-dropping-seed1"],
                ["rows"], ["info"] + Self.smoke, ["info", "--json"] + Self.smoke, ["--version"], ["--help"], ["help"], ["help", "report"],
                ["bench", "--size", "quick", "--windows", "1", "--vocabulary", "50", "--threads", "1", "--csv", bench]
                    + ["--set", "hidden-size=12", "--set", "embedding-size=8"],
            ] + reports + subcommands.map { [$0, "--help"] }
            for command in commands {
                let result = try Program.run(command)
                #expect(result.status == 0, "\(command): \(result.errors)")
                check(result.output, command.joined(separator: " "))
                if !result.errors.isEmpty { check(result.errors, command.joined(separator: " ")) }
            }
            for file in try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)).compactMap({ $0 as? URL })
            where ["csv", "yaml", "json", "txt"].contains(file.pathExtension) {
                check(try String(contentsOf: file, encoding: .utf8), file.lastPathComponent)
            }
        }
    }

    @Test(.enabled(if: dataDirectory != nil, "needs ABLATE_DATA"))
    func theFilesOfACorpus() throws { check(try Program.run(["data"], data: dataDirectory).output, "data") }

    @Test(arguments: [
        ["report", "missing"], ["report"], ["eval", "missing"], ["spectrum", "missing"], ["info", "--dataset", "missing"],
        ["info", "--set", "ar=x"], ["--drop", "nothing"], ["--seeds", "0"], ["rows", "--wrong"], ["wrong"], ["sweep", "--key", "ar"], ["bench", "--threads", "0"],
        ["data", "--dataset", "missing"], ["report", "Package.swift"],
    ])
    func errors(command: [String]) throws {
        let result = try Program.run(command)
        #expect(result.status != 0 && result.output == "")
        check(result.errors, command.joined(separator: " "))
    }

    @Test func aFailedRunsErrors() throws {
        try withTemporaryFolder { folder in
            let run = ["--drop", "ar", "--out", folder.path] + Self.smoke
            #expect(try Program.run(run).status == 0)
            let damaged = folder.appendingPathComponent("lstm-ar-seed1")
            try FileManager.default.removeItem(at: damaged.appendingPathComponent("result.csv"))
            try Data("damaged".utf8).write(to: damaged.appendingPathComponent("training.safetensors"))
            let result = try Program.run(run)
            #expect(result.status == 1)
            check(result.errors, "errors of a failed run")
            check(try String(contentsOf: damaged.appendingPathComponent("errors.txt"), encoding: .utf8), "errors.txt")
        }
    }
}
