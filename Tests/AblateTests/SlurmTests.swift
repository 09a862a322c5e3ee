import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// A Slurm of the tests' own: `Scripts/with-slurm`, which ends with the test.
private final class Slurm {
    static let isThere = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"].allSatisfy(FileManager.default.isExecutableFile)
    let environment: [String: String]
    let folder: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = projectRoot.appendingPathComponent("Scripts/with-slurm")
        process.arguments = ["bash", "-c", "echo $WITH_SLURM; cat"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        folder = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).trimmingCharacters(in: .newlines)
        environment = ["SLURM_CONF": folder + "/slurm.conf", "WITH_SLURM": folder]
        try #require(!folder.isEmpty, "Slurm did not start")
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    @discardableResult
    func run(_ command: String...) throws -> String {
        let (status, output) = try Shell.run(environment.map { "\($0)=\($1)" } + command)
        #expect(status == 0, "\(command): \(output)")
        return output
    }

    var log: String { get throws { try String(contentsOfFile: folder + "/slurmctld.log", encoding: .utf8) } }
}

/// Tables made by a real Slurm with two nodes.
@Suite(.serialized, .enabled(if: Slurm.isThere, "needs Slurm: make deps-slurm"))
struct SlurmTests {
    private let smoke = ["--profile", "smoke", "--dataset", "synthetic"]
    /// Epochs so long that none ends.
    private let long = ["--set", "training-tokens=0", "--set", "batch-size=1", "--set", "hidden-size=500", "--drop", "full"]

    private func withSlurm(_ body: (Slurm, _ out: String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let slurm = try Slurm()
            defer { slurm.end() }
            try body(slurm, folder.path + "/out")
        }
    }

    private func timeless(_ path: String) throws -> [[String: String]] {
        try rows(of: path).map { $0.filter { !["tokens_per_s", "seconds"].contains($0.key) } }
    }

    @Test func `a table is that of this machine, with tasks preempted, a node that dies and a command that is killed`() throws {
        try withSlurm { slurm, out in
            let arguments = smoke + ["--cell", "both", "--out"]
            let handOver = arguments + [out, "--launcher", "slurm"]
            let (first, firstOutput, firstErrors) = try Program.start(handOver, environment: slurm.environment)
            defer { for file in [firstOutput, firstErrors] { try? FileManager.default.removeItem(at: file) } }
            func running() throws -> [String] { try slurm.run("squeue", "--noheader", "--states=running", "--format=%N").split(separator: "\n").map(String.init) }
            try waitUntil { try Set(running()) == ["node1", "node2"] && FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/epochs.csv") }
            try slurm.run("sbatch", "--partition=high", "--nodelist=node1", "--exclusive", "--output=/dev/null", "--wrap=sleep 1")
            try waitUntil { try slurm.log.contains("has been requeued") }
            kill(first.processIdentifier, SIGKILL)
            first.waitUntilExit()
            try waitUntil { try running().contains("node2") }
            try slurm.run(slurm.folder + "/kill-node", "node2")

            let (second, table, errors) = try Program.start(handOver, environment: slurm.environment)
            defer { for file in [table, errors] { try? FileManager.default.removeItem(at: file) } }
            let local = try Program.run(arguments + [out + "-local"])
            second.waitUntilExit()
            let said = try String(contentsOf: errors, encoding: .utf8)
            #expect(second.terminationStatus == 0, "\(said)")
            #expect(try slurm.log.contains("due to failure of node node2"))

            let slurmTable = try String(contentsOf: table, encoding: .utf8)
            let restarts = try restarts(out)
            print("The table of this machine:\n\(local.output)\nSlurm's, with \(restarts) restarts of tasks:\n\(slurmTable)")
            #expect(slurmTable == local.output)
            try expectSame(out, as: out + "-local")
            #expect(restarts >= 2)
            // One array, and each run came to its result once.
            let logs = try logs(out)
            #expect(logs.count == 18 && logs.allSatisfy { $0.components(separatedBy: ": done, ").count == 2 })
            let status = try Program.run(["status", out])
            #expect(status.status == 0 && status.output.hasSuffix("18 runs: 18 done\n"), "\(status.output)")
        }
    }

    private func logs(_ out: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: out + "/slurm").filter { $0.hasSuffix(".log") }
            .map { try String(contentsOfFile: "\(out)/slurm/\($0)", encoding: .utf8) }
    }

    private func restarts(_ out: String) throws -> Int {
        try logs(out).map { $0.components(separatedBy: "\n").filter { $0.hasPrefix("task ") && !$0.contains("restart 0") }.count }.reduce(0, +)
    }

    private func expectSame(_ folder: String, as other: String) throws {
        #expect(try timeless(folder + "/results.csv") == timeless(other + "/results.csv"))
        let runs = try FileManager.default.contentsOfDirectory(atPath: other).filter { $0.contains("-seed") }
        #expect(runs.count == 18)
        for run in runs {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(other)/\(run)").sorted()
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(run)").sorted() == files, "\(run)")
            #expect(try timeless("\(folder)/\(run)/epochs.csv") == timeless("\(other)/\(run)/epochs.csv"), "\(run)")
            for file in ["best.safetensors", "validation-blocks.csv", "configuration.yaml"] {
                let bytes = try [folder, other].map { try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(run)/\(file)")) }
                #expect(bytes[0] == bytes[1], "\(run)/\(file)")
            }
        }
    }

    @Test func `what goes wrong is told, a task near its limit is requeued, Ctrl-C leaves the jobs and cancel ends them`() throws {
        try withSlurm { slurm, out in
            let handOver = smoke + long + ["--launcher", "slurm", "--out", out]
            for more in [[], ["--dry-run"]] {
                let unknown = try Program.run(handOver + ["--partition", "nosuch"] + more, environment: slurm.environment)
                #expect(unknown.status == 74)
                #expect(unknown.errors.contains("sbatch failed with exit code 1:\n"), "\(unknown.errors)")
                #expect(unknown.errors.contains("sbatch: error: invalid partition specified: nosuch\n"), "\(unknown.errors)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: out).isEmpty)
            let plan = try Program.run(handOver + ["--array-limit", "3", "--slurm-option", "nice=7", "--dry-run"], environment: slurm.environment)
            #expect(plan.status == 0 && plan.output.contains(" --array=0-0%3 --requeue --signal=B:USR1@120 --open-mode=append "), "\(plan.errors)")
            #expect(plan.output.contains(" --cpus-per-task=1 --nice=7 "))
            #expect(try slurm.run("squeue", "--noheader") == "")

            // Ctrl-C.
            let run = out + "/lstm-full-seed1"
            let (process, output, errors) = try Program.start(handOver, environment: slurm.environment)
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            try waitUntil { FileManager.default.fileExists(atPath: run + "/epochs.csv") }
            kill(process.processIdentifier, SIGINT)
            process.waitUntilExit()
            #expect(process.terminationStatus == 128 + SIGINT)
            #expect(try String(contentsOf: errors, encoding: .utf8).contains("the jobs go on; 'ablate status \(out)' tells how far they are, 'ablate cancel \(out)' cancels them"))
            let running = try Program.run(["status", out], environment: slurm.environment)
            #expect(running.output.contains("running") && running.output.hasSuffix("1 run: 1 running\n"), "\(running.output)")

            // The same command, which does not hand over again what is in the queue.
            #expect(try Program.run(handOver + ["--detach"], environment: slurm.environment).status == 0)
            let job = try slurm.run("squeue", "--noheader", "--array", "--format=%i").trimmingCharacters(in: .newlines)
            #expect(job.hasSuffix("_0"), "\(job)")

            // As Slurm does it two minutes before a time limit.
            try slurm.run("scancel", "--batch", "--signal=USR1", job)
            try waitUntil { try slurm.run("squeue", "--noheader", "--format=%T|%r").hasPrefix("PENDING|BeginTime") }
            #expect(FileManager.default.fileExists(atPath: run + "/training.safetensors"))
            #expect(try logs(out).joined().contains("requeues itself"))
            let waiting = try Program.run(["status", out], environment: slurm.environment)
            #expect(waiting.output.contains("PENDING, BeginTime") && waiting.output.hasSuffix("1 run: 1 waiting\n"), "\(waiting.output)")

            let cancelled = try Program.run(["cancel", out], environment: slurm.environment)
            #expect(cancelled.output.hasPrefix("Cancelled: job \(job.dropLast(2))."), "\(cancelled.output)\(cancelled.errors)")
            #expect(try Program.run(["cancel", out], environment: slurm.environment).output == "There is nothing to cancel.\n")
            let stopped = try Program.run(["status", out], environment: slurm.environment)
            #expect(stopped.output.hasSuffix("1 run: 1 stopped\n"), "\(stopped.output)")
        }
    }

    /// The nodes are in another mount namespace than the command.
    @Test(.enabled(if: getuid() == 0, "needs root, who can mount"))
    func `a folder that the nodes do not see is named`() throws {
        try withSlurm { slurm, out in
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            let command = ([Program.executable.path] + smoke + long + ["--launcher", "slurm", "--out", out + "/hidden"]).map { "'\($0)'" }.joined(separator: " ")
            let (status, output) = try Shell.run(
                slurm.environment.map { "\($0)=\($1)" } + ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none '\(out)' && exec \(command)"])
            #expect(status == 74)
            #expect(output.contains("so the nodes do not see it; give a folder that they share with this machine (--out)"), "\(output)")
        }
    }
}
#endif
