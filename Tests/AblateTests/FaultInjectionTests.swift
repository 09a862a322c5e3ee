import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// System calls of saves that fail once, one after another, by strace; and limits of the system.
@Suite struct FaultInjectionTests {
    private static let strace = ["/usr/bin/strace", "/bin/strace"].first { FileManager.default.isExecutableFile(atPath: $0) }

    private struct Call: Hashable {
        let name: String
        /// From 1, of the calls of this name that have to do with saved files.
        let number: Int
    }

    private func prepare(_ folder: URL) throws -> String {
        let out = folder.path + "/out"
        let made = try Program.run(
            ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "2", "--set", "training-tokens=1000", "--drop", "full", "--out", out])
        try #require(made.status == 0, "\(made.errors)")
        return out + "/lstm-full-seed1"
    }

    /// The run's folder as it is before training.
    private func begin(_ run: String, as copy: String) throws {
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for name in ["configuration.yaml", "difference.yaml"] {
            try FileManager.default.copyItem(atPath: "\(run)/\(name)", toPath: "\(copy)/\(name)")
        }
    }

    /// Trains the run of a folder; with options under strace, which then counts the calls that have to do with saved files alone: how often
    /// progress is written depends on the clock.
    private func train(_ copy: String, options: [String] = []) throws -> (status: Int32, trace: String, output: String) {
        let trace = copy + ".trace"
        let names = ["manifest.json", "vocabulary.txt", "epochs.csv", "best.safetensors", "training.safetensors", "validation-blocks.csv", "result.csv"]
        // The names of temporary files have the number of the process, which with -D is the shell's.
        let files = names.map { "'\(copy)/\($0).'$$-0.part" } + ["'\(copy)/training.previous.safetensors.'$$.part", "'\(copy)'"]
        let tracing = options.isEmpty ? "" : "\(Self.strace ?? "strace") -D -f -y --seccomp-bpf -o '\(trace)' -P \(files.joined(separator: " -P ")) "
            + options.joined(separator: " ")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "exec \(tracing) '\(Program.executable.path)' train-run '\(copy)'"]
        process.currentDirectoryURL = projectRoot
        let (input, errors) = (Pipe(), Pipe())
        // The run ends when its input does, and so would strace wait for a child that holds the input open.
        (process.standardInput, process.standardOutput, process.standardError) = (input, FileHandle.nullDevice, errors)
        try process.run()
        let output = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try input.fileHandleForWriting.close()
        return (process.terminationStatus, (try? String(contentsOfFile: trace, encoding: .utf8)) ?? "", output)
    }

    /// The calls of saves in a trace, in their order.
    private func saves(in trace: String, of folder: String, calls: [String]) -> [(call: Call, file: String)] {
        // strace counts by thread; saves are made by the main one.
        let main = trace.split(separator: "\n").first { $0.contains(".part") }?.prefix { $0 != " " } ?? ""
        var (counts, file, found): ([String: Int], String, [(Call, String)]) = ([:], "", [])
        for line in trace.split(separator: "\n") where line.hasPrefix("\(main) ") {
            guard let name = calls.first(where: { line.contains(" \($0)(") }) else { continue }
            counts[name, default: 0] += 1
            if let part = line.firstMatch(of: /\/([a-z.-]+)\.[0-9]+(-[0-9]+)?\.part/) { file = String(part.1).replacing(".previous", with: "") }
            let isOfFolder = line.contains("<\(folder)>") && name == "fsync" || line.contains("\"\(folder)\", O_RDONLY|O_CLOEXEC|O_DIRECTORY")
            if line.contains(".part") || isOfFolder { found.append((Call(name: name, number: counts[name] ?? 0), file)) }
        }
        return found
    }

    /// The calls of the last save of the training checkpoint, of the best weights and of the result; with `ABLATE_FAULTS` set, of all saves.
    @Test(.enabled(if: strace != nil, "needs strace"))
    func `a save of which any call fails leaves the old file or the new one whole`() throws {
        try withTemporaryFolder { folder in
            let run = try prepare(folder)
            let weights = try Data(contentsOf: URL(fileURLWithPath: run + "/best.safetensors"))
            let copy = folder.path + "/copy/lstm-full-seed1"
            try begin(run, as: copy)
            let calls = ["openat": "No space left on device", "write": "No space left on device", "fsync": "Input/output error", "rename": "Read-only file system"]
            let errors = ["openat": "ENOSPC", "write": "ENOSPC", "fsync": "EIO", "rename": "EROFS"]
            let whole = try train(copy, options: ["-e", "trace=" + calls.keys.joined(separator: ",")])
            try #require(whole.status == 0, "\(whole.output)")
            var saves = saves(in: whole.trace, of: copy, calls: Array(calls.keys))
            try #require(Set(saves.map(\.call.name)) == Set(calls.keys), "\(whole.trace)")
            if ProcessInfo.processInfo.environment["ABLATE_FAULTS"] == nil {
                saves = ["training.safetensors", "best.safetensors", "result.csv"].flatMap { file in
                    let opened = saves.indices.last { saves[$0].file == file && ($0 == 0 || saves[$0 - 1].file != file) } ?? 0
                    let save = Array(saves[opened...].prefix { $0.file == file })
                    // Of many equal writes the first and the last.
                    let writes = save.indices.filter { save[$0].call.name == "write" }
                    return save.indices.filter { save[$0].call.name != "write" || $0 == writes.first || $0 == writes.last }.map { save[$0] }
                }
            }
            for (call, file) in saves {
                let injection = "inject=\(call.name):error=\(errors[call.name] ?? ""):when=\(call.number)"
                try begin(run, as: copy)
                let failed = try train(copy, options: ["-e", "trace=\(call.name)", "-e", injection])
                #expect(self.saves(in: failed.trace, of: copy, calls: [call.name]).contains { $0 == (call, file) }, "\(file), \(call)")
                #expect(failed.status == 74, "\(file), \(call): \(failed.output)")
                #expect(failed.output.contains("Error: \(copy)/\(file): cannot be written: \(calls[call.name] ?? "")"), "\(file), \(call): \(failed.output)")
                let left = try FileManager.default.contentsOfDirectory(atPath: copy)
                #expect(!left.contains { $0.hasSuffix(".part") || $0.hasPrefix(".lock") }, "\(file), \(call): \(left)")
                let verified = try Program.run(["verify", copy])
                #expect(verified.status == 0, "\(file), \(call): \(verified.output)")
                let again = try train(copy)
                #expect(again.status == 0, "\(file), \(call): \(again.output)")
                #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "/best.safetensors")) == weights, "\(file), \(call)")
            }
            print("FaultInjectionTests: \(saves.count) calls failed")
            #expect(saves.count > 20)
        }
    }

    /// The command writes a file to see whether the folder can be written, and is killed before it removes it.
    @Test(.enabled(if: strace != nil, "needs strace"))
    func `what a killed command left in the output folder goes with the next`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let options = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--set", "training-tokens=1000", "--drop", "full", "--out", out]
            let command = """
                exec \(Self.strace ?? "strace") -D -f -qq -o '\(folder.path)/trace' -P '\(out)/.trial.'$$.part -e trace=unlink,unlinkat \
                -e inject=unlink,unlinkat:error=EPERM:signal=KILL '\(Program.executable.path)' \(options.joined(separator: " "))
                """
            _ = try Shell.run(["bash", "-c", command])
            let left = try FileManager.default.contentsOfDirectory(atPath: out)
            try #require(left.count == 1 && left[0].hasPrefix(".trial."), "\(left)")
            #expect(try Program.run(options).status == 0)
            let after = try FileManager.default.contentsOfDirectory(atPath: out)
            #expect(after.contains("results.csv") && !after.contains { $0.hasPrefix(".") }, "\(after)")
        }
    }

    @Test func `a file-size limit is told as any other fault, and not a trap`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let command = "ulimit -f 40; exec '\(Program.executable.path)' --profile smoke --dataset synthetic --epochs 1 --drop full --out '\(out)'"
            let result = try Shell.run(["bash", "-c", command])
            #expect(result.status == 1)
            #expect(result.output.contains("exit code 74: \(out)/lstm-full-seed1/best.safetensors: cannot be written: File too large"), "\(result.output)")
        }
    }

    @Test func `a run that may not have the address space it needs is refused with 71`() throws {
        try withTemporaryFolder { folder in
            let command = "ulimit -v 400000; exec '\(Program.executable.path)' --profile paper --dataset synthetic --drop ar --jobs 2 --out '\(folder.path)/out'"
            let result = try Shell.run(["timeout", "--kill-after=5", "60", "bash", "-c", command])
            #expect(result.status == 1)
            #expect(result.output.hasPrefix("memory: 2 runs side by side need about "), "\(result.output)")
            #expect(result.output.components(separatedBy: "failed, exit code 71: out of memory: it needs about").count == 3, "\(result.output)")
        }
    }

    /// Without the refusal before: what asks for memory itself ends, wherever in a run it gets none. OpenBLAS would ask without end, libxsmm
    /// would crash, and heaps of threads would leave nothing for the rest.
    @Test(arguments: [200_000, 298_000, 300_000, 450_000, 550_000, 600_000])
    func `a worker that gets no memory ends with 71 and does not wait`(limit: Int) throws {
        try withTemporaryFolder { folder in
            let run = try prepare(folder)
            let copy = folder.path + "/copy/lstm-full-seed1"
            try begin(run, as: copy)
            let file = URL(fileURLWithPath: copy + "/configuration.yaml")
            let configuration = try String(contentsOf: file, encoding: .utf8)
            let large = configuration.replacing(/hidden-size: \d+/, with: "hidden-size: 1500").replacing(/batch-size: \d+/, with: "batch-size: 20")
            try #require(large != configuration)
            try Data(large.utf8).write(to: file)
            let command = "unset OPENBLAS_NUM_THREADS; ulimit -v \(limit); exec '\(Program.executable.path)' train-run '\(copy)'"
            let result = try Shell.run(["timeout", "--kill-after=5", "60", "bash", "-c", "exec 3<> <(:); \(command) <&3"])
            #expect(result.status == 71, "\(result.output)")
            #expect(result.output.contains("Error: out of memory: the system has no "), "\(result.output)")
        }
    }

    @Test func `a command in too small an address space is refused with 71`() throws {
        try withTemporaryFolder { folder in
            let command = "ulimit -v 220000; exec '\(Program.executable.path)' --profile smoke --dataset synthetic --out '\(folder.path)/out'"
            let result = try Shell.run(["timeout", "--kill-after=5", "60", "bash", "-c", command])
            #expect(result.status == 71, "\(result.output)")
            #expect(result.output == "Error: out of memory: the command needs about 300 MB of address space, and may have 225 MB (ulimit -v)\n")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
        }
    }
}
#endif
