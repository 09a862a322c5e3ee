import Foundation
import Kernels
import ProjectFolders
import Testing

/// The benchmark of a model small enough for a test. Speeds are not judged here.
@Suite struct BenchTests {
    private static let small = [
        "bench", "--size", "quick", "--windows", "1", "--vocabulary", "50", "--set", "hidden-size=12", "--set", "embedding-size=8",
    ]

    @Test func allCellsAndBothThreadCounts() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("bench.csv").path
            let result = try Program.run(Self.small + ["--threads", "1,2", "--precision", "float32", "--csv", file])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("tokens/s") && result.output.contains("where a step's time goes"))
            let lines = try rows(of: file)
            #expect(lines.map { "\($0["cell"] ?? "") \($0["threads"] ?? "")" } == ["lstm 1", "lstm 2", "gru 1", "gru 2", "qrnn 1", "qrnn 2"])
            for line in lines {
                #expect(line["vocabulary"] == "50" && line["hidden_size"] == "12")
                let shares = line.filter { $0.key.hasPrefix("share_") }.compactMap { Double($0.value) }
                #expect(shares.count == 8 && shares.allSatisfy { $0 >= 0 } && shares.reduce(0, +) <= 1.01)
                #expect((line["tokens_per_s"].flatMap { Double($0) } ?? 0) > 0)
                #expect((line["peak_memory_mb"].flatMap { Double($0) } ?? 0) > 0)
            }
            // 6 · (48 · (8 + 12) + 48 · (12 + 12) + 32 · (12 + 8) + 8 · 50), and three gates in place of four.
            #expect(lines[0]["flop_per_token"] == "12000")
            #expect(lines[2]["flop_per_token"] == "9600")
            // 6 · (36 · 2 · 8 + 24 · 12 + 8 · 50): two steps of the input, and no hidden product.
            #expect(lines[4]["flop_per_token"] == "7584")
        }
    }

    @Test func everyPrecisionThatTheProcessorHas() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("bench.csv").path
            #expect(try Program.run(Self.small + ["--cell", "gru", "--threads", "1", "--csv", file]).status == 0)
            let lines = try rows(of: file)
            let precisions = Precision.allCases.filter { $0.missing == nil }
            #expect(lines.map { $0["precision"] } == precisions.map(\.rawValue))
            #expect(lines.map { $0["products"] } == precisions.map { ProductPath.preferred(for: $0).rawValue })
        }
    }

    @Test(arguments: [["--precision", "float16"], ["--threads", "0"], ["--threads", "two"], ["--windows", "0"], ["--vocabulary", "1"], ["--size", "huge"]])
    func wrongOptionsAreRefused(options: [String]) throws {
        let result = try Program.run(["bench"] + options)
        #expect(result.status == 64)
        #expect(result.errors.contains(options[0]))
    }

    /// Where there is PyTorch, the peer must make the same step; where there is none, it stands in the table with that for a reason.
    @Test(.enabled(if: Shell.hasPython3, "needs python3"))
    func `the peers train the quick profile's model`() throws {
        try withTemporaryFolder { folder in
            let arguments = ["--peers", "pytorch", "--sizes", "quick", "--rounds", "1", "--windows", "1", "--ablate", Program.executable.path, "--out", folder.path]
            let (status, output) = try Shell.run(
                ["PEER_PYTHON=\(PyTorch.python ?? "python3")", projectRoot.appendingPathComponent("Scripts/bench-peer").path] + arguments)
            #expect(status == 0, "\(output)")
            let peers = try rows(of: folder.appendingPathComponent("peer.csv").path).filter { $0["program"]?.hasPrefix("PyTorch") == true }
            #expect(peers.map { $0["cell"] } == ["lstm", "lstm", "gru", "gru"])
            for line in peers {
                let reason = line["reason"] ?? ""
                #expect(PyTorch.python == nil ? reason.contains("No module named") : reason.isEmpty, "\(line)")
            }
        }
    }
}
