import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// A table, or one of its runs, that is asked to end by a signal.
@Suite struct SignalTests {
    /// Epochs so long that none ends.
    private let arguments = [
        "--profile", "smoke", "--dataset", "synthetic", "--set", "training-tokens=0", "--set", "batch-size=1", "--set", "hidden-size=500",
        "--drop", "ar", "--jobs", "1", "--out",
    ]

    /// Tests that a script runs behind itself ignore SIGINT, and what they start would too.
    init() { for number in [SIGINT, SIGHUP] { signal(number, SIG_DFL) } }

    /// Starts a table and waits until its first run is trained.
    private func withTable(
        _ body: (_ process: Process, _ run: String, _ errors: () throws -> String) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let (process, output, errors) = try Program.start(arguments + [out])
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            try waitUntil { FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/epochs.csv") }
            Thread.sleep(forTimeInterval: 0.5)
            try body(process, out + "/lstm-full-seed1") { try String(contentsOf: errors, encoding: .utf8) }
            if process.isRunning { process.terminate() }
        }
    }

    @Test(arguments: [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2")])
    func `a table stops its runs, waits for their checkpoints and ends with 128 and the signal`(signal: Int32, name: String) throws {
        try withTable { process, run, errors in
            let start = Date()
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
            #expect(Date().timeIntervalSince(start) < 10)
            // Nothing is left to do when the parent has ended, and the row that had not begun is left alone.
            #expect(try processes(withArgument: run).isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == [
                "configuration.yaml", "difference.yaml", "epochs.csv", "manifest.json", "training.safetensors",
                "vocabulary.txt",
            ])
            #expect(!FileManager.default.fileExists(atPath: run.replacingOccurrences(of: "full", with: "ar")))
            let said = try errors()
            #expect(said.contains("lstm-full-seed1: interrupted, stopped with a checkpoint; the same command goes on with it\n"), "\(said)")
            #expect(said.hasSuffix("Stopped by \(name); the same command goes on from here.\n"))
        }
    }

    @Test func `a second signal ends the table at once, unless it is an echo of the first`() throws {
        try withTable { process, run, errors in
            // Stopped, the run cannot write its checkpoint, and the table waits for it.
            let worker = try #require(try processes(withArgument: run).first)
            kill(worker, SIGSTOP)
            defer { kill(worker, SIGKILL) }
            kill(process.processIdentifier, SIGTERM)
            kill(process.processIdentifier, SIGINT)
            Thread.sleep(forTimeInterval: 1)
            #expect(process.isRunning)
            let start = Date()
            kill(process.processIdentifier, SIGINT)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + SIGINT && Date().timeIntervalSince(start) < 3)
        }
    }

    /// At quick size, where a judgement may last longer than 10 seconds: of a validation text in one stream, and at one token after another.
    @Test func `a signal in the middle of a judgement is heeded, and the run goes on to the same end`() throws {
        try withTemporaryFolder { folder in
            let (whole, out) = (folder.path + "/whole", folder.path + "/out")
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--drop", "full", "--epochs", "1", "--set", "training-tokens=1000"]
                + ["--set", "hidden-size=300", "--set", "validation-batch-size=1", "--out"]
            #expect(try Program.run(arguments + [whole]).status == 0)
            let (process, output, errors) = try Program.start(arguments + [out])
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            let run = out + "/lstm-full-seed1"
            try waitUntil { FileManager.default.fileExists(atPath: run + "/epochs.csv") }
            let start = Date()
            kill(process.processIdentifier, SIGUSR1)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + SIGUSR1 && Date().timeIntervalSince(start) < 10)
            #expect(FileManager.default.fileExists(atPath: run + "/training.safetensors"))
            #expect(!FileManager.default.fileExists(atPath: run + "/result.csv"))
            #expect(try Program.run(arguments + [out]).status == 0)
            let weights = try [whole, out].map { try Data(contentsOf: URL(fileURLWithPath: $0 + "/lstm-full-seed1/best.safetensors")) }
            #expect(weights[0] == weights[1])
        }
    }

    @Test(arguments: [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2")])
    func `a run alone writes a checkpoint, and the table goes on`(signal: Int32, name: String) throws {
        try withTable { process, run, errors in
            kill(try #require(try processes(withArgument: run).first), signal)
            try waitUntil { try errors().contains("interrupted") }
            let said = try errors()
            #expect(said.contains("lstm-full-seed1: interrupted, stopped with a checkpoint by \(name);"), "\(said)")
            #expect(FileManager.default.fileExists(atPath: run + "/training.safetensors"))
            try waitUntil { FileManager.default.fileExists(atPath: run.replacingOccurrences(of: "full", with: "ar") + "/epochs.csv") }
        }
    }

    @Test func `what nohup has ignored stays ignored`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let process = Process()
            // Bash waits for its child itself; dash waits for SIGCHLD, which a test's thread may block, and so would wait for ever.
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            // What a shell that is no terminal's starts behind itself ignores SIGINT too.
            process.arguments = ["-c", "nohup \"$@\" & echo $! > \"$0\"; wait $!", folder.path + "/id", Program.executable.path] + arguments + [out]
            process.currentDirectoryURL = projectRoot
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            try waitUntil { FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/epochs.csv") }
            let text = try String(contentsOfFile: folder.path + "/id", encoding: .utf8)
            let id = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            kill(id, SIGHUP)
            kill(id, SIGINT)
            Thread.sleep(forTimeInterval: 1)
            #expect(process.isRunning)
            kill(id, SIGTERM)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + SIGTERM)
        }
    }
}
#endif
