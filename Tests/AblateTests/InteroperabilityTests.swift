import Foundation
import ProjectFolders
import Testing

/// Checkpoints from `ablate` to PyTorch and back.
@Suite(.enabled(if: PyTorch.python != nil, PyTorch.isNeeded)) struct InteroperabilityTests {
    /// Sentences whose words depend on each other, in a text with all that a reader of text can get wrong: a byte order mark,
    /// carriage returns, tabs, blank lines, one word spelled in two normal forms, words that the part of the training text
    /// does not have, and a last line without an end.
    private static func writeText(in folder: URL) throws {
        func text(lines: Int, from first: Int) -> String {
            (first..<first + lines).map { line in
                let (subject, object) = (["cat", "dog", "bird"][line % 3], ["house", "tree"][line / 3 % 2])
                return "the \(subject) sees\ta \(object) and goes to the \(object) of the \(subject)" + (line % 5 == 0 ? " \r\n\n" : "\n")
            }.joined()
        }
        try writeCorpus(
            in: folder, train: "\u{FEFF}caf\u{E9} cafe\u{301}\n" + text(lines: 200, from: 0) + "a whale\n",
            valid: text(lines: 90, from: 1) + "the whale sees a caf\u{E9}\n", test: text(lines: 60, from: 2) + "the end")
    }

    private static func options(dataset: URL, weightTying: Bool) -> [String] {
        ["--profile", "smoke", "--dataset", dataset.path, "--epochs", "1"]
            + ["training-tokens=2500", "test-batch-size=1", "weight-tying=\(weightTying)"].flatMap { ["--set", $0] }
    }

    @Test(arguments: ["lstm", "gru", "qrnn"], [true, false])
    func aCheckpointHasTheSamePerplexityInPyTorch(cell: String, weightTying: Bool) throws {
        try withTemporaryFolder { folder in
            let dataset = folder.appendingPathComponent("text")
            try Self.writeText(in: dataset)
            let out = folder.appendingPathComponent("out").path
            let trained = try Program.run(
                Self.options(dataset: dataset, weightTying: weightTying) + ["--cell", cell, "--drop", "full", "--out", out])
            #expect(trained.status == 0, "\(trained.errors)")
            let ours = try Program.run(["eval", out + "/\(cell)-full-seed1"])
            let theirs = try PyTorch.run("evaluate_checkpoint.py", [out + "/\(cell)-full-seed1"])
            #expect(theirs.status == 0, "\(theirs.output)")
            expectAgreement(
                PyTorch.perplexities(in: ours.output), PyTorch.perplexities(in: theirs.output), "\(ours.output)\(theirs.output)")
        }
    }

    @Test(arguments: ["lstm", "gru", "qrnn"], [true, false])
    func aModelOfPyTorchHasTheSamePerplexityHere(cell: String, weightTying: Bool) throws {
        try withTemporaryFolder { folder in
            let dataset = folder.appendingPathComponent("text")
            try Self.writeText(in: dataset)
            let theirs = try Self.export(to: folder, dataset: dataset, cell: cell, weightTying: weightTying)
            let ours = try Program.run(["eval", folder.path + "/run"])
            #expect(ours.status == 0, "\(ours.errors)")
            expectAgreement(PyTorch.perplexities(in: ours.output), PyTorch.perplexities(in: theirs), "\(ours.output)\(theirs)")
        }
    }

    @Test func aDamagedCheckpointAndOtherTextAreRefused() throws {
        try withTemporaryFolder { folder in
            let dataset = folder.appendingPathComponent("text")
            try Self.writeText(in: dataset)
            let exported = try Self.export(to: folder, dataset: dataset, cell: "gru", weightTying: true)
            let checkpoint = folder.appendingPathComponent("run/best.safetensors")
            let whole = try Data(contentsOf: checkpoint)
            let evaluated = try PyTorch.run("evaluate_checkpoint.py", [checkpoint.path, "--split", "test"])
            #expect(evaluated.status == 0 && exported.hasSuffix(evaluated.output), "\(evaluated.output)")

            var damaged = whole
            damaged[whole.count - 3] ^= 1
            for (content, reason) in [(damaged, "checksum"), (whole.prefix(whole.count - 4), "not a safetensors file")] {
                try content.write(to: checkpoint)
                let result = try PyTorch.run("evaluate_checkpoint.py", [folder.path + "/run"])
                #expect(result.status == 65)
                #expect(result.output.contains("best.safetensors") && result.output.contains(reason), "\(result.output)")
            }

            try whole.write(to: checkpoint)
            try writeCorpus(in: dataset)
            let result = try PyTorch.run("evaluate_checkpoint.py", [folder.path + "/run"])
            #expect(result.status == 65)
            #expect(result.output.contains("another vocabulary"), "\(result.output)")
            #expect(try PyTorch.run("evaluate_checkpoint.py", [folder.path + "/nowhere"]).status == 74)
        }
    }

    /// Makes `run` in the folder from random weights, and returns what was printed.
    private static func export(to folder: URL, dataset: URL, cell: String, weightTying: Bool) throws -> String {
        let model = try Program.run(["info", "--json", "--cell", cell] + options(dataset: dataset, weightTying: weightTying))
        #expect(model.status == 0, "\(model.errors)")
        let file = folder.appendingPathComponent("model.json")
        try Data(model.output.utf8).write(to: file)
        let result = try PyTorch.run("export_checkpoint.py", [file.path, "--out", folder.path + "/run"])
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }
}
