#if os(Linux)
import Foundation
import ProjectFolders
import Testing

/// What the system sets limits to: cores and memory. The limits are real ones, where this process may set them.
@Suite struct LimitsTests {
    private static let plan = ["--dry-run", "--profile", "smoke", "--dataset", "synthetic", "--drop", "ar", "--out", "/nonexistent/out"]
    private static let information = ["info", "--json", "--profile", "smoke", "--dataset", "synthetic"]

    @Test(.enabled(if: canPin, "needs taskset and more than one core"))
    func `a process pinned to one core plans for one`() throws {
        let information = try Shell.run(["taskset", "-c", "0", Program.executable.path] + Self.information)
        #expect(information.output.contains("\"cores\": 1,\n  \"cores_limited_by\": \"affinity mask\""), "\(information.output)")
        let plan = try Shell.run(["taskset", "-c", "0", Program.executable.path] + Self.plan)
        #expect(plan.status == 0 && plan.output.contains("2 to be made; 1 side by side"), "\(plan.output)")
        #expect(plan.output.contains("--jobs 1 --set threads=1") && !plan.output.contains("threads=2"))
        let bench = try Shell.run(
            ["taskset", "-c", "0", Program.executable.path, "bench", "--size", "quick", "--cell", "gru", "--windows", "1", "--vocabulary", "50"]
                + ["--set", "hidden-size=12", "--set", "embedding-size=8"])
        #expect(bench.status == 0 && bench.output.contains("threads: 1") && !bench.output.contains("threads: 2"), "\(bench.output)")
    }

    @Test(.enabled(if: ControlGroup.canMake("cpu"), "needs a writable /sys/fs/cgroup/cpu (version 1) and more than one core"))
    func `a control group's quota of one core and a half is one core`() throws {
        try ControlGroup.with("cpu", ["cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "150000"]) { group in
            let result = try group.run([Program.executable.path] + Self.information)
            #expect(result.output.contains("\"cores\": 1,"), "\(result.output)")
            #expect(result.output.contains("\"cores_limited_by\": \"CPU quota of the control group /\(group.name)\""), "\(result.output)")
        }
    }

    @Test(.enabled(if: ControlGroup.canMake("memory"), "needs a writable /sys/fs/cgroup/memory (version 1)"))
    func `a plan for more memory than a control group has names the jobs that fit`() throws {
        try ControlGroup.with("memory", ["memory.limit_in_bytes": "170000000"]) { group in
            let two = try group.run([Program.executable.path] + Self.plan + ["--jobs", "2"])
            #expect(two.status == 0 && !two.output.contains("not enough"), "\(two.output)")
            let large = ["--set", "hidden-size=300", "--set", "embedding-size=100", "--set", "batch-size=20", "--jobs", "2"]
            let one = try group.run([Program.executable.path] + Self.plan + large)
            #expect(one.status == 0, "\(one.output)")
            #expect(one.output.components(separatedBy: "the largest --jobs that fits is 1").count == 3, "\(one.output)")
            #expect(one.output.contains("(memory limit of the control group /\(group.name))"), "\(one.output)")
        }
    }

    /// The system ends the largest process of the group, which is the run of the large row.
    @Test(.enabled(if: ControlGroup.canMake("memory"), "needs a writable /sys/fs/cgroup/memory (version 1)"))
    func `a run that is killed for want of memory fails, and the others go on`() throws {
        try withTemporaryFolder { folder in
            try ControlGroup.with("memory", ["memory.limit_in_bytes": "250000000"]) { group in
                let command = [Program.executable.path, "sweep", "--key", "hidden-size", "--values", "16,3000,20"]
                    + ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "2", "--jobs", "1", "--out", folder.path + "/out"]
                let result = try group.run(command)
                #expect(result.status == 1)
                #expect(result.output.hasPrefix("memory: the run needs about "), "\(result.output)")
                #expect(result.output.contains("failed, ended by signal 9, most likely by the system for want of memory: it needs about"), "\(result.output)")
                #expect(result.output.contains("1 of the runs failed; the same command with --retry-failed tries again"), "\(result.output)")
                let results = try rows(of: folder.path + "/out/results.csv")
                #expect(results.compactMap { $0["status"] }.sorted() == ["failed", "ok", "ok"])
            }
        }
    }

    @Test func `a plan that no machine has memory for is printed all the same`() throws {
        let result = try Program.run(Self.plan + ["--set", "hidden-size=200000"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.hasPrefix("memory: 2 runs side by side need about ") || result.errors.hasPrefix("memory: the run needs"))
        #expect(result.errors.contains("no --jobs fits") && result.output.contains("no --jobs fits"))
    }

    @Test func `the runs of a command under nice are as nice as it`() throws {
        try withTemporaryFolder { folder in
            let (out, process) = (folder.path + "/out", Process())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/nice")
            process.arguments = ["-n", "5", Program.executable.path, "--profile", "smoke", "--dataset", "synthetic", "--drop", "full"]
                + ["--epochs", "100000", "--out", out]
            process.currentDirectoryURL = projectRoot
            process.standardError = FileHandle.nullDevice
            try process.run()
            defer { process.terminate() }
            try waitUntil { FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/epochs.csv") }
            let run = try #require(try processes(withArgument: out + "/lstm-full-seed1").first)
            let which = __priority_which_t(PRIO_PROCESS.rawValue)
            #expect(getpriority(which, id_t(run)) >= 5)
            #expect(getpriority(which, id_t(run)) == getpriority(which, id_t(process.processIdentifier)))
        }
    }

    @Test func `a run that was killed is told to have wanted memory`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--drop", "full", "--epochs", "100000", "--out", out]
            let (process, output, errors) = try Program.start(arguments)
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            defer { if process.isRunning { process.terminate() } }
            try waitUntil { FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/epochs.csv") }
            for child in try processes(withArgument: out + "/lstm-full-seed1") { kill(child, SIGKILL) }
            try waitUntil { !process.isRunning }
            let text = try String(contentsOf: errors, encoding: .utf8)
            let pattern = /ended by signal 9, most likely by the system for want of memory: it needs about \d+ MB, and there are [\d.]+ [MG]B now \(.+\)/
            #expect(text.contains(pattern), "\(text)")
            #expect(process.terminationStatus == 1)
        }
    }

    /// Two layers in the middle between the profiles; long enough to average and to fine-tune.
    @Test(arguments: ["lstm", "gru"])
    func `the memory in the plan is what a worker comes to hold`(cell: String) throws {
        try withTemporaryFolder { folder in
            let text = folder.appendingPathComponent("text")
            try writeCorpus(
                in: text, train: corpusText(lines: 330), valid: corpusText(lines: 100), test: corpusText(lines: 100))
            let arguments = [
                "--profile", "smoke", "--dataset", text.path, "--drop", "full", "--cell", cell, "--out", folder.path + "/out",
            ] + ["hidden-size=900", "embedding-size=500", "batch-size=20", "window-length=70", "epochs=1", "fine-tuning-epochs=1"]
                .flatMap { ["--set", $0] }
            let plan = try Program.run(arguments + ["--dry-run"])
            let line = try #require(plan.output.split(separator: "\n").first { $0.hasPrefix("\(cell)-full-seed1") })
            let need = try #require(line.firstMatch(of: /(\d+) MB/).flatMap { Double($0.1) })
            let (process, output, errors) = try Program.start(arguments)
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            var largest = 0.0
            while process.isRunning {
                Thread.sleep(forTimeInterval: 0.02)
                for child in try processes(withArgument: folder.path + "/out/\(cell)-full-seed1") {
                    largest = max(largest, (try? residentPeak(of: child)) ?? 0)
                }
            }
            #expect(process.terminationStatus == 0)
            #expect(abs(need * 1e6 / largest - 1) < 0.15, "planned \(need) MB, held \(largest / 1e6) MB")
        }
    }

    /// OpenBLAS makes its threads when it is loaded, before the program can tell it how many: one for each core.
    @Test(
        .enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "needs more than one core"),
        arguments: [["bench", "--size", "paper", "--cell", "lstm", "--threads", "1"], ["train-run", "RUN"]])
    func `the library of matrix products keeps no threads that nobody asked for`(command: [String]) throws {
        try withTemporaryFolder { folder in
            var command = command
            if let place = command.firstIndex(of: "RUN") {
                let out = folder.path + "/out"
                let made = try Program.run(["--profile", "smoke", "--dataset", "synthetic", "--drop", "full", "--epochs", "1", "--out", out])
                #expect(made.status == 0, "\(made.errors)")
                command[place] = out + "/lstm-full-seed1"
                let file = URL(fileURLWithPath: command[place] + "/configuration.yaml")
                let configuration = try String(contentsOf: file, encoding: .utf8)
                try Data(configuration.replacingOccurrences(of: "\nepochs: 1\n", with: "\nepochs: 100000\n").utf8).write(to: file)
            }
            let many = try threads(of: command, library: 8)
            let one = try threads(of: command, library: 1)
            #expect(many > 0 && many == one, "\(many) threads, and \(one) where the library starts but one")
        }
    }

    /// Number of the program's threads at work, with so many asked of the library in the environment.
    private func threads(of command: [String], library: Int) throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["OPENBLAS_NUM_THREADS=\(library)", Program.executable.path] + command
        process.standardInput = Pipe()
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        process.currentDirectoryURL = projectRoot
        try process.run()
        // The tests' own threads may block SIGTERM, and what they start inherits that.
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        Thread.sleep(forTimeInterval: 1)
        guard process.isRunning else { return 0 }
        return try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/task").count
    }

    /// Bytes.
    private func residentPeak(of process: pid_t) throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        return (status.firstMatch(of: /VmHWM:\s*(\d+) kB/).flatMap { Double($0.1) } ?? 0) * 1024
    }

    private static let canPin = ProcessInfo.processInfo.activeProcessorCount > 1
        && (try? Shell.run(["taskset", "-c", "0", "true"]))?.status == 0

    @Test(.enabled(if: ControlGroup.canMake("pids"), "needs a writable /sys/fs/cgroup/pids (version 1) and more than one core"))
    func `a process that gets no thread says so`() throws {
        try ControlGroup.with("pids", ["pids.max": "20"]) { group in
            let result = try group.run(
                [Program.executable.path, "bench", "--size", "quick", "--cell", "gru", "--windows", "1", "--threads", "64", "--vocabulary", "5000"])
            #expect(result.status == 71 && result.output.contains("Error: out of threads: the system has no thread more"), "\(result.output)")
        }
    }
}
#endif
