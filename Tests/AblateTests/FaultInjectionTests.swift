import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// Every system call of every save of a run fails once, one after another, by strace.
@Suite struct FaultInjectionTests {
    private static let strace = ["/usr/bin/strace", "/bin/strace"].first { FileManager.default.isExecutableFile(atPath: $0) }

    private struct Call: Hashable {
        let name: String
        /// From 1, of the calls of this name in the main thread.
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

    private func train(_ copy: String, options: [String] = []) throws -> (status: Int32, trace: String, output: String) {
        let trace = copy + ".trace"
        let tracing = options.isEmpty ? [] : [Self.strace ?? "strace", "-f", "-y", "-o", trace] + options
        // The worker ends when its input does.
        let command = (tracing + [Program.executable.path, "train-run", copy]).map { "'\($0)'" }.joined(separator: " ")
        let result = try Shell.run(["bash", "-c", "\(command) < <(sleep 60 & echo $! > '\(copy).sleep'; wait); s=$?; kill $(cat '\(copy).sleep'); exit $s"])
        return (result.status, (try? String(contentsOfFile: trace, encoding: .utf8)) ?? "", result.output)
    }

    @Test(.enabled(if: strace != nil && ProcessInfo.processInfo.environment["ABLATE_FAULTS"] != nil, "needs strace, and ABLATE_FAULTS set, for it takes minutes"))
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
            // strace counts by thread; saves are made by the main one, the first in the trace.
            let main = whole.trace.prefix { $0 != " " }
            var counts: [String: Int] = [:]
            var saves: [Call] = []
            for line in whole.trace.split(separator: "\n") where line.hasPrefix(main + " ") {
                guard let name = calls.keys.first(where: { line.contains(" \($0)(") }) else { continue }
                counts[name, default: 0] += 1
                let isSave = line.contains(".part") || (name == "openat" && line.contains("\"\(copy)\", O_RDONLY|O_CLOEXEC|O_DIRECTORY"))
                if (isSave || name == "fsync"), !line.contains(".lock.") { saves.append(Call(name: name, number: counts[name] ?? 0)) }
            }
            try #require(Set(saves.map(\.name)) == Set(calls.keys), "\(saves)")
            var cases = 0
            for call in saves {
                try begin(run, as: copy)
                let options = ["-e", "trace=\(call.name)", "-e", "inject=\(call.name):error=\(errors[call.name] ?? ""):when=\(call.number)"]
                let failed = try train(copy, options: options)
                // The number of other calls of that name may differ by one or two from process to process.
                guard failed.trace.split(separator: "\n").contains(where: { $0.contains("(INJECTED)") && $0.contains(copy) && !$0.contains(".lock") }) else { continue }
                cases += 1
                #expect(failed.status == 74, "\(call): \(failed.output)")
                #expect(failed.output.contains("Error: \(copy)/") && failed.output.contains("cannot be written: \(calls[call.name] ?? "")"), "\(call): \(failed.output)")
                let left = try FileManager.default.contentsOfDirectory(atPath: copy)
                #expect(!left.contains { $0.hasSuffix(".part") }, "\(call): \(left)")
                let verified = try Program.run(["verify", copy])
                #expect(verified.status == 0, "\(call): \(verified.output)")
                let again = try train(copy)
                #expect(again.status == 0, "\(call): \(again.output)")
                #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "/best.safetensors")) == weights, "\(call)")
            }
            print("FaultInjectionTests: \(cases) of \(saves.count) calls failed")
            #expect(cases > saves.count * 2 / 3)
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
            #expect(result.output.components(separatedBy: "failed, exit code 71: out of memory: it needs about").count == 3, "\(result.output)")
        }
    }
}
#endif
