import Foundation
import ProjectFolders
import Testing

/// `make compare-pytorch` on a text and an epoch small enough for a test. Whether the means agree is not judged here.
@Suite(.enabled(if: PyTorch.python != nil, PyTorch.isNeeded)) struct ComparePyTorchTests {
    @Test func bothCellsAreComparedAndFinishedRunsAreKept() throws {
        try withTemporaryFolder { folder in
            let text = folder.appendingPathComponent("text")
            try writeCorpus(in: text, valid: "a bird sees the tree\n" + corpusText(lines: 60))
            let out = folder.appendingPathComponent("out").path
            let options = ["--dataset", text.path, "--profile", "smoke", "--epochs", "1", "--seeds", "2", "--first-seed", "4", "--jobs", "2", "--out", out]
            let first = try compare(options)
            #expect(first.status == 0, "\(first.output)")
            #expect(first.output.contains("Scripts/compare-pytorch --dataset text --profile smoke --cell both --seeds 2 --first-seed 4 --epochs 1"))
            #expect(first.output.contains("full model, seeds 4 to 5"))

            let runs = try rows(of: out + "/runs.csv")
            #expect(runs.map { "\($0["program"] ?? "") \($0["cell"] ?? "") \($0["seed"] ?? "") \($0["epochs"] ?? "")" } == [
                "ablate lstm 4 2", "ablate lstm 5 2", "PyTorch lstm 4 2", "PyTorch lstm 5 2", "ablate gru 4 2", "ablate gru 5 2",
                "PyTorch gru 4 2", "PyTorch gru 5 2",
            ])
            let table = try rows(of: out + "/table.csv")
            #expect(table.map { $0["cell"] } == ["lstm", "gru"] && table.allSatisfy { $0["n"] == "2" })
            for (line, half) in zip(table, [runs[0..<4], runs[4..<8]]) {
                let figures = half.compactMap { $0["valid_ppl"].flatMap { Double($0) } }
                try #require(figures.count == 4)
                let (ours, theirs) = ((figures[0] + figures[1]) / 2, (figures[2] + figures[3]) / 2)
                let difference = 100 * (ours - theirs) / theirs
                #expect(abs((line["ablate_valid_ppl"].flatMap { Double($0) } ?? 0) - ours) < 1e-3)
                #expect(abs((line["pytorch_valid_ppl"].flatMap { Double($0) } ?? 0) - theirs) < 1e-3)
                #expect(abs((line["difference_percent"].flatMap { Double($0) } ?? 0) - difference) < 1e-2)
                #expect(line["within_3_percent"] == (abs(difference) <= 3 ? "yes" : "no"))
            }

            // A run that is not finished is made again, and only that.
            let results = ["gru-full-seed4", "gru-full-seed5"].map { URL(fileURLWithPath: out + "/pytorch/\($0)/result.csv") }
            let kept = try Data(contentsOf: results[0])
            try FileManager.default.removeItem(at: results[1])
            let again = try compare(options)
            #expect(again.status == 0, "\(again.output)")
            #expect(again.output.contains("gru-full-seed5: done") && !again.output.contains("gru-full-seed4: done"))
            #expect(try Data(contentsOf: results[0]) == kept)

            let other = try compare(options + ["--epochs", "2"])
            #expect(other.status == 64)
            #expect(other.output.contains("another configuration"))
        }
    }

    private func compare(_ options: [String]) throws -> (status: Int32, output: String) {
        let script = projectRoot.appendingPathComponent("Scripts/compare-pytorch").path
        return try Shell.run(["PEER_PYTHON=\(try #require(PyTorch.python))", script, "--ablate", Program.executable.path] + options)
    }
}
