import Corpus
import Foundation
import LanguageModel

/// Reads bytes as the best checkpoint of a run and as a training checkpoint, and goes on with what was read.
public final class CheckpointReader {
    private static let vocabulary = Vocabulary(["a", "b", "c"])
    private static let steps = 2

    /// A text of a few words.
    public static let corpus = Corpus(
        name: "small", vocabulary: vocabulary, train: (0..<40).map { Int32($0 * $0 % 3) }, validation: (0..<9).map { Int32($0 % 3) },
        test: (0..<7).map { Int32($0 * 2 % 3) })

    /// A model so small that nearly all of its file is the header.
    public static var model: ModelConfiguration {
        var model = ModelConfiguration()
        (model.embeddingSize, model.hiddenSize, model.layers) = (1, 2, 2)
        model.regularization.weightDropping = 0.5
        model.regularization.variableLengthBPTT = true
        return model
    }

    /// In which the criterion fires at once.
    public static var schedule: TrainingSchedule {
        var schedule = TrainingSchedule()
        (schedule.batchSize, schedule.windowLength, schedule.validationBatchSize) = (2, 5, 1)
        (schedule.epochs, schedule.fineTuningEpochs, schedule.nonMonotonicInterval) = (4, 2, 0)
        return schedule
    }

    private var trainer: Trainer

    init() throws { trainer = try Self.newTrainer() }

    /// A trainer at its first step, which writes no files.
    public static func newTrainer(directory: URL? = nil) throws -> Trainer {
        try Trainer(model: model, schedule: schedule, corpus: corpus, seed: 1, threads: 1, directory: directory)
    }

    func read(_ bytes: [UInt8]) -> Bool {
        let file = Data(bytes)
        let isModel = readModel(file)
        return readState(file) || isModel
    }

    private func readModel(_ file: Data) -> Bool {
        guard let (model, _) = try? Checkpoint.read(file) else { return false }
        let words = (0..<5).map { Int32($0 % model.vocabularySize) }
        _ = try? Evaluator(model, batchSize: 1).perplexity(of: words, split: "text")
        return true
    }

    private func readState(_ file: Data) -> Bool {
        guard (try? trainer.resume(file)) != nil else { return false }
        var count = 0
        _ = try? trainer.train {
            count += 1
            return count >= Self.steps
        }
        // What was read may have spoilt it.
        if let new = try? Self.newTrainer() { trainer = new }
        return true
    }
}

extension Trainer {
    fileprivate func train(shouldStop: () -> Bool) throws -> TrainingOutcome {
        try train(onProgress: { _ in }, onInterval: { _ in }, shouldStop: shouldStop)
    }
}
