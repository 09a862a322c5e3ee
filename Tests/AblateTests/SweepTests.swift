import Foundation
import ProjectFolders
import Testing

/// `ablate sweep` trains the full model with several values of one key.
@Suite struct SweepTests {
    private static let smoke = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--set", "training-tokens=3000"]

    @Test func oneRowAValueForBothCells() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let arguments = ["sweep", "--key", "learning-rate", "--values", "1e30,20,10.0,10", "--cell", "both", "--seeds", "2", "--out", out]
            let result = try Program.run(arguments + Self.smoke)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("synthetic, smoke, LSTM, learning-rate\n") && result.output.contains("synthetic, smoke, GRU, learning-rate\n"))
            #expect(result.output.contains("Δ is to learning-rate=20, the configuration's own value."))
            #expect(result.output.contains("Δ is to learning-rate=10, the configuration's own value."))
            #expect(result.output.contains("2 of 2 diverged in epoch 1, 1"))

            let results = try rows(of: out + "/results.csv")
            #expect(results.count == 12)
            #expect(results.prefix(6).map { $0["row"] } == [10, 10, 20, 20].map { "learning-rate=\($0)" } + Array(repeating: "learning-rate=1e+30", count: 2))
            #expect(results.prefix(6).map { $0["status"] } == ["ok", "ok", "ok", "ok", "diverged", "diverged"])
            #expect(results.prefix(6).map { $0["difference"] } == ["20 → 10", "20 → 10", "", "", "20 → 1e+30", "20 → 1e+30"].map { $0.isEmpty ? "" : "learning-rate: \($0)" })
            // A diverged row's note holds a comma.
            let table = try rows(of: out + "/table.csv").filter { $0["n"] != "0" }
            #expect(table.map { $0["delta_to"] } == ["learning-rate=20", "", "", "learning-rate=10"])
            for name in ["lstm-learning-rate=10-seed1", "gru-learning-rate=1e+30-seed2"] {
                #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)/difference.yaml"))
            }

            for path in [out, out + "/results.csv"] { #expect(try Program.run(["report", path]).output == result.output) }
            let again = try Program.run(arguments + Self.smoke)
            #expect(again.output == result.output && !again.errors.contains("epoch 1"))
        }
    }

    @Test func withoutTheOwnValueDifferencesAreToTheFirst() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run(["sweep", "--key", "weight-dropping", "--values", "0.5,0,0.25", "--out", folder.path] + Self.smoke)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("Δ is to weight-dropping=0, the first value: the configuration's own is not among them."))
            #expect(try rows(of: folder.path + "/table.csv").map { $0["row"] } == ["0", "0.25", "0.5"].map { "weight-dropping=\($0)" })

            // Strength 0 is the run of the row that removes the technique.
            let removed = try Program.run(["--drop", "weight-dropping", "--out", folder.path] + Self.smoke)
            #expect(removed.status == 0, "\(removed.errors)")
            let runs = try ["lstm-weight-dropping-seed1", "lstm-weight-dropping=0-seed1"].map {
                try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0)/best.safetensors"))
            }
            #expect(runs[0] == runs[1])
            // A table of each kind, never mixed.
            let report = try Program.run(["report", folder.path]).output
            #expect(report.contains("synthetic, smoke, LSTM\n") && report.contains("synthetic, smoke, LSTM, weight-dropping\n"))
        }
    }

    @Test func theTextMayBeSwept() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run([
                "sweep", "--key", "training-tokens", "--values", "2000,4000", "--profile", "smoke", "--dataset", "synthetic", "--epochs", "1",
                "--out", folder.path,
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(try rows(of: folder.path + "/results.csv").map { $0["training_tokens"] } == ["2000", "4000"])
        }
    }

    @Test func aDryRunAndAnExplanationRunNothing() throws {
        try withTemporaryFolder { folder in
            let arguments = ["sweep", "--key", "hidden-size", "--values", "8,16", "--profile", "smoke", "--dataset", "synthetic"]
            let plan = try Program.run(arguments + ["--dry-run", "--configs", projectRoot.path], in: folder)
            #expect(plan.status == 0 && plan.output.contains("2 runs") && plan.output.contains("lstm-hidden-size=8-seed1"))
            let explanation = try Program.run(arguments + ["--explain", "--configs", projectRoot.path], in: folder)
            #expect(explanation.output.contains("\nhidden-size=8   hidden-size    24      8\n"), "\(explanation.output)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)

            let made = try Program.run(arguments + ["--epochs", "1", "--configs", projectRoot.path], in: folder)
            #expect(made.status == 0 && FileManager.default.fileExists(atPath: folder.path + "/results/synthetic-smoke-hidden-size/table.csv"))
        }
    }

    @Test(arguments: [
        (["--key", "learning-rat", "--values", "1"], "learning-rat: unknown key. Did you mean 'learning-rate'?"),
        (["--key", "seed", "--values", "1,2"], "seed: is chosen with --seeds"),
        (["--key", "cell", "--values", "gru"], "cell: is chosen with --cell"),
        (["--key", "learning-rate", "--values", "1,x"], "learning-rate: 'x' is not allowed; it must be a number greater than 0"),
        (["--key", "learning-rate", "--values", "1,,2"], "learning-rate: '' is not allowed"),
        (["--key", "learning-rate", "--values", ""], "learning-rate: '' is not allowed"),
        (["--key", "weight-tying", "--values", "yes"], "weight-tying: 'yes' is not allowed; it must be true or false"),
        (["--key", "learning-rate"], "--values"),
        (["--values", "1"], "--key"),
        (["--key", "ar", "--values", "1", "--seeds", "0"], "--seeds 0: must be from 1 to 100000"),
        (["--key", "ar", "--values", "1", "--drop", "ar"], "--drop"),
    ])
    func wrongUseEndsWith64(arguments: [String], message: String) throws {
        let result = try Program.run(["sweep"] + arguments)
        #expect(result.status == 64 && result.output == "")
        #expect(result.errors.contains(message), "\(result.errors)")
    }
}
