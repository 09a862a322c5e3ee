import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// Tables whose processes are killed on the way and started again.
@Suite struct ContinuationTests {
    private let smoke = ["--profile", "smoke", "--dataset", "synthetic"]

    /// Judged after each epoch, of about 62 steps, or after a number of steps that is no part of it.
    @Test(arguments: [
        (interval: 0, line: ": epoch ", lines: 7, file: "epochs.csv"), (interval: 40, line: ": interval ", lines: 10, file: "intervals.csv"),
    ])
    func `a table killed five times ends as one that was not`(judged: (interval: Int, line: String, lines: Int, file: String)) throws {
        try withTemporaryFolder { folder in
            let settings = ["--set", "training-tokens=12000", "--set", "logging-interval=\(judged.interval)"]
            let arguments = smoke + settings + ["--cell", "both", "--drop", "ar-tar", "--drop", "nt-asgd", "--out"]
            let whole = folder.path + "/whole"
            #expect(try Program.run(arguments + [whole, "--jobs", "1"]).status == 0)

            let killed = folder.path + "/killed"
            for _ in 0..<5 {
                let (process, output, errors) = try Program.start(arguments + [killed, "--jobs", "2"])
                defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
                // Far enough that each time something is lost and something is kept.
                try waitUntil { try String(contentsOf: errors, encoding: .utf8).components(separatedBy: judged.line).count > judged.lines }
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                try waitUntil { try processes(withArgument: killed).isEmpty }
            }
            let last = try Program.run(arguments + [killed])
            #expect(last.status == 0, "\(last.errors)")
            #expect(last.errors.contains("to go on from a checkpoint") && last.errors.contains("there already"), "\(last.errors)")

            #expect(try timeless(killed + "/results.csv") == timeless(whole + "/results.csv"))
            let runs = try FileManager.default.contentsOfDirectory(atPath: whole).filter { $0.contains("-seed") }
            #expect(runs.count == 6)
            for run in runs {
                #expect(try timeless("\(killed)/\(run)/\(judged.file)") == timeless("\(whole)/\(run)/\(judged.file)"), "\(run)")
                let weights = try [killed, whole].map { try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(run)/best.safetensors")) }
                #expect(weights[0] == weights[1], "\(run)")
                #expect(!FileManager.default.fileExists(atPath: "\(killed)/\(run)/training.safetensors"))
            }
        }
    }

    @Test func `a killed parent leaves no child, and a checkpoint within the epoch`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            // Epochs so long that none ends.
            let (process, output, errors) = try Program.start(
                smoke + ["--set", "training-tokens=0", "--set", "batch-size=1", "--set", "hidden-size=500", "--drop", "ar", "--out", out])
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            try waitUntil { FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/manifest.json") }
            Thread.sleep(forTimeInterval: 1)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            try waitUntil { try processes(withArgument: out).isEmpty }
            #expect(FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/training.safetensors"))
            #expect(try rows(of: out + "/lstm-full-seed1/epochs.csv").isEmpty)
            #expect(!FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/result.csv"))
        }
    }

    /// How a child may end before its time: by whom, what is said, and what becomes of it the next time. The last is one of the few
    /// signals that no thread of a Swift program blocks or catches.
    @Test(arguments: [(SIGKILL, true), (SIGTERM, false), (SIGSYS, true)])
    func `a child that ends early is told of, and the others go on`(signal: Int32, isFailure: Bool) throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let arguments = smoke + ["--epochs", "40", "--set", "training-tokens=15000", "--drop", "ar", "--jobs", "2", "--out", out]
            let (process, output, errors) = try Program.start(arguments)
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            try waitUntil { (try? rows(of: out + "/lstm-ar-seed1/epochs.csv"))?.isEmpty == false }
            kill(try #require(try processes(withArgument: out + "/lstm-ar-seed1").first), signal)
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            let said = try String(contentsOf: errors, encoding: .utf8)
            #expect(said.contains("lstm-ar-seed1: " + (isFailure ? "failed, ended by signal" : "interrupted, ")), "\(said)")
            #expect(try rows(of: out + "/results.csv").map { $0["status"] } == (isFailure ? ["ok", "failed"] : ["ok"]))

            if isFailure {
                let left = try Program.run(arguments)
                #expect(left.status == 1 && left.errors.hasPrefix("2 runs: 1 there already, 1 that failed before (--retry-failed tries again);"))
            }
            #expect(said.contains("1 of the runs failed; the same command with --retry-failed tries again") == isFailure, "\(said)")
            let again = try Program.run(arguments + (isFailure ? ["--retry-failed"] : []))
            #expect(again.status == 0 && again.errors.contains(isFailure ? "1 that failed to be tried again" : "1 to go on from a checkpoint"))
            #expect(try rows(of: out + "/results.csv").map { $0["status"] } == ["ok", "ok"])
        }
    }

    /// A short form of `make soak`.
    @Test(.enabled(if: Shell.hasPython3, "needs python3"))
    func `tables killed at random come to the figures of one left alone`() throws {
        let result = try Shell.run(["Scripts/soak-kill", "--count", "5", "--seed", "3", "--short", "--program", Program.executable.path])
        #expect(result.status == 0 && result.output.contains("5 kills (") && result.output.contains(": 0 faults\n"), "\(result.output)")
        #expect(result.output.contains(", 3 of them during a save"), "\(result.output)")
    }

    @Test func `a damaged checkpoint is named, and the run is not begun anew`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            #expect(try Program.run(smoke + ["--epochs", "1", "--drop", "ar", "--out", out]).status == 0)
            let run = out + "/lstm-ar-seed1"
            try FileManager.default.removeItem(atPath: run + "/result.csv")
            try Data("not a checkpoint".utf8).write(to: URL(fileURLWithPath: run + "/training.safetensors"))
            let result = try Program.run(smoke + ["--epochs", "1", "--drop", "ar", "--out", out])
            #expect(result.status == 1)
            #expect(result.errors.contains(run + "/training.safetensors: is cut short") && result.errors.contains("without this file the run starts anew"))
        }
    }

    /// The records of a table without what measures time.
    private func timeless(_ path: String) throws -> [[String: String]] {
        try rows(of: path).map { $0.filter { !["tokens_per_s", "seconds"].contains($0.key) } }
    }
}
#endif
