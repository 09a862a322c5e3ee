import Configurations
import Foundation
import LanguageModel
import ProjectFolders
import Runs
import Testing

/// The trainer of Scripts/train_pytorch.py beside ours, with nothing left to chance: the same first weights, all dropouts 0, windows of one
/// length. What remains is all the rest: both stages, clipping, decay, AR and TAR, the criterion, averages, best epoch, figures.
@Suite(.enabled(if: PyTorch.python != nil, PyTorch.isNeeded)) struct TrainerAgreementTests {
    /// Learning rates at which validation worsens within six epochs, so that the criterion fires.
    @Test(arguments: [("lstm", 10), ("gru", 4), ("qrnn", 10)], [true, false])
    func bothTakeTheSameSteps(cell: (name: String, learningRate: Int), ntASGD: Bool) throws {
        try withTemporaryFolder { folder in
            let text = folder.appendingPathComponent("text")
            let sentence = "a cat sees the bird of the dog and the house goes to a tree\n"
            try writeCorpus(in: text, valid: String(repeating: sentence, count: 80))
            let settings = [
                "learning-rate=\(cell.learningRate)", "nt-asgd=\(ntASGD)", "weight-decay=0.001", "window-length=50", "training-tokens=2000",
                "variable-length-bptt=false", "weight-dropping=0", "embedding-dropout=0", "variational-dropout-input=0",
                "variational-dropout-hidden=0", "variational-dropout-output=0",
            ]
            let out = folder.appendingPathComponent("out").path
            let trained = try Program.run(
                ["--profile", "smoke", "--dataset", text.path, "--cell", cell.name, "--epochs", "6", "--drop", "full", "--out", out]
                    + settings.flatMap { ["--set", $0] })
            #expect(trained.status == 0, "\(trained.errors)")
            let ours = out + "/\(cell.name)-full-seed1"
            let first = folder.appendingPathComponent("first.safetensors")
            try writeFirstWeights(ofRun: ours, to: first)

            let theirs = folder.appendingPathComponent("pytorch").path
            let result = try PyTorch.run("train_pytorch.py", [ours + "/configuration.yaml", "--weights", first.path, "--out", theirs])
            #expect(result.status == 0, "\(result.output)")
            let columns = ["train_ppl", "valid_raw_ppl", "valid_averaged_ppl", "learning_rate", "gradient_norm", "clipped"]
            try expectAgreement(ours + "/epochs.csv", theirs + "/epochs.csv", equal: ["epoch", "stage", "optimizer"], close: columns)
            try expectAgreement(
                ours + "/result.csv", theirs + "/result.csv",
                equal: ["seed", "status", "epochs", "trigger_epoch", "fine_tuning_epoch", "best_epoch", "parameters"],
                close: ["valid_ppl", "test_ppl"])
            // The criterion is among what was compared: it fired.
            #expect(try rows(of: ours + "/result.csv")[0]["trigger_epoch"] != "")
        }
    }

    /// The weights that a run began with, as a checkpoint.
    private func writeFirstWeights(ofRun path: String, to file: URL) throws {
        let run = try FinishedRun(folder: path)
        let model = try LanguageModel(
            run.configuration.model, vocabularySize: run.model.vocabularySize, seed: UInt64(run.configuration.seed))
        let metadata = try Checkpoint.read(run.folder.appendingPathComponent(Trainer.checkpointName)).metadata
        try Checkpoint.write(model, metadata: metadata, to: file)
    }

    private func expectAgreement(_ ours: String, _ theirs: String, equal: [String], close: [String]) throws {
        let (ours, theirs) = (try rows(of: ours), try rows(of: theirs))
        #expect(ours.count == theirs.count && !ours.isEmpty)
        for (number, (our, their)) in zip(ours, theirs).enumerated() {
            for column in equal { #expect(our[column] == their[column], "\(column), line \(number + 1)") }
            for column in close {
                let values = [our, their].map { Double($0[column] ?? "") }
                guard let figure = values[0], let other = values[1] else {
                    #expect(our[column] == their[column], "\(column), line \(number + 1)")
                    continue
                }
                #expect(abs(figure - other) <= 1e-4 * figure, "\(column), line \(number + 1)")
            }
        }
    }
}
