#if os(Linux)
import Foundation
import ProjectFolders
import Testing

/// Short forms of `Scripts/soak-load`: a training that goes on, a large corpus.
@Suite struct LoadTests {
    /// Averaging begins on the way, and the longest windows come late; either takes more than 2 % of what the process holds.
    @Test func `a training process holds after many epochs what it held after the first`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let settings = ["training-tokens=2000", "hidden-size=300", "fine-tuning=false", "non-monotonic-interval=1"]
                .flatMap { ["--set", $0] }
            let (process, output, errors) = try Program.start(
                ["--profile", "smoke", "--dataset", "synthetic", "--drop", "full", "--epochs", "10000", "--out", out] + settings)
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            func epochs() -> Int { (try? rows(of: out + "/lstm-full-seed1/epochs.csv"))?.count ?? 0 }
            // With its first checkpoint, which needs memory too.
            try waitUntil { epochs() >= 1 && FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/training.safetensors") }
            let worker = try #require(try processes(withArgument: out + "/lstm-full-seed1").first)
            let first = try resident(worker)
            try waitUntil { epochs() >= 41 }
            let last = try resident(worker)
            #expect(try rows(of: out + "/lstm-full-seed1/epochs.csv").last?["valid_averaged_ppl"] != "")
            process.terminate()
            process.waitUntilExit()
            #expect(first > 0 && abs(last / first - 1) < 0.02, "\(first) bytes, and then \(last)")
        }
    }

    /// Of some MB, beside a small one, which stands for what the program takes anyway.
    @Test func `a corpus takes at most twelve bytes a token`() throws {
        try withTemporaryFolder { folder in
            let measured = try [1, 40].map { size in
                let text = folder.appendingPathComponent(String(size))
                try writeCorpus(in: text, train: String(repeating: corpusText(lines: 3000), count: size))
                let command = [Program.executable.path, "info", "--json", "--profile", "smoke", "--set", "training-tokens=0", "--dataset", text.path]
                // The child's largest resident memory, in kB.
                let python = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
                let (status, output) = try Shell.run(["python3", "-c", python] + command)
                #expect(status == 0, "\(output)")
                let tokens = try #require(output.firstMatch(of: /"training_tokens": (\d+)/).flatMap { Double($0.1) })
                let memory = try #require(output.split(separator: "\n").last.flatMap { Double($0) })
                return (tokens: tokens, bytes: memory * 1024)
            }
            let perToken = (measured[1].bytes - measured[0].bytes) / (measured[1].tokens - measured[0].tokens)
            #expect(measured[1].tokens == 40 * 3000 * 8 && perToken <= 12, "\(perToken) bytes a token")
        }
    }

    /// Files of holes, which nobody would wait for if they were read.
    @Test(arguments: [("8000000000000", "", "memory"), ("2000000000", "ulimit -v 1500000; ", "address space left, ulimit -v")])
    func `a text that memory would not suffice for is refused before it is read`(size: String, limit: String, what: String) throws {
        try withTemporaryFolder { folder in
            try writeCorpus(in: folder)
            let command = "truncate -s \(size) '\(folder.path)/train.txt' && \(limit)exec timeout 20 '\(Program.executable.path)' --profile smoke "
                + "--dataset '\(folder.path)' --out '\(folder.path)/out'"
            let (status, output) = try Shell.run(["bash", "-c", command])
            #expect(status == 71, "\(output)")
            #expect(output.contains("Error: \(folder.path)/train.txt: the text would take about ") && output.contains("(\(what)"), "\(output)")
        }
    }

    /// Bytes.
    private func resident(_ process: pid_t) throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        return (status.firstMatch(of: /VmRSS:\s*(\d+) kB/).flatMap { Double($0.1) } ?? 0) * 1024
    }
}
#endif
