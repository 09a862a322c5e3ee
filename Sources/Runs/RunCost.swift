import Configurations
import Corpus
import LanguageModel

/// What a run costs when it goes through all its epochs.
public struct RunCost: Equatable, Sendable {
    let trainingTokens: Double
    /// Of training.
    let floatingPointOperationsPerToken: Double
    /// Of training and evaluation together.
    let floatingPointOperations: Double

    /// - Parameter epochsDone: those that need not be trained again.
    init(_ configuration: Configuration, corpus: Corpus, epochsDone: Int = 0) {
        let schedule = configuration.schedule
        let epochs = Double(max(0, schedule.largestEpochs - epochsDone))
        let perToken = configuration.model.floatingPointOperationsPerToken(vocabularySize: corpus.vocabulary.count)
        floatingPointOperationsPerToken = perToken
        let limit = schedule.validationTokens == 0 ? Int.max : schedule.validationTokens
        let judgements = schedule.judgements(
            epochs: epochs, tokens: corpus.train.count, variableLength: configuration.model.regularization.variableLengthBPTT)
        let judged = judgements * Double(min(corpus.validation.count, limit)) + Double(corpus.validation.count + corpus.test.count)
        trainingTokens = epochs * Double(corpus.train.count)
        // The forward pass is a third of a training step.
        floatingPointOperations = (trainingTokens + judged / 3) * perToken
    }

    /// The time in which `jobs` processes, each taking the next run when it is free, do runs of these lengths.
    public static func makespan(_ seconds: [Double], jobs: Int) -> Double {
        var busyUntil = [Double](repeating: 0, count: max(1, min(jobs, seconds.count)))
        for run in seconds {
            let next = busyUntil.indices.min { busyUntil[$0] < busyUntil[$1] } ?? 0
            busyUntil[next] += run
        }
        return busyUntil.max() ?? 0
    }
}
