import Configurations
import Corpus
import LanguageModel
import Tables

extension RunResult {
    /// The result of a run that has not ended: status `failed`.
    public init(of run: PlannedRun, corpus: Corpus) {
        self.init()
        dataset = run.configuration.datasetName
        profile = run.configuration.profile
        cell = run.configuration.cell
        row = run.row
        seed = run.configuration.seed
        configurationDigest = run.full.digestBesidesSeed
        difference = run.differences.map(\.description).joined(separator: "; ")
        vocabulary = corpus.vocabulary.count
        trainingTokens = corpus.train.count
        isPartial = corpus.isPartial
        sourcePerplexity = corpus.sourcePerplexity
        parameters = run.configuration.model.parameterCount(vocabularySize: vocabulary)
    }

    /// Takes over what the trainer reports.
    ///
    /// - Parameter epochs: all of the run.
    public mutating func record(_ outcome: TrainingOutcome, epochs metrics: [EpochMetrics]) {
        status = outcome.status == .ok ? .ok : .diverged
        epochs = outcome.epochs
        triggerEpoch = outcome.triggerEpoch
        fineTuningEpoch = outcome.fineTuningEpoch
        bestEpoch = outcome.bestEpoch
        learningRate = metrics.first.map { Float($0.learningRate) }
        lastLearningRate = metrics.last.map { Float($0.learningRate) }
        let best = metrics.first { $0.epoch == outcome.bestEpoch }
        validationRawPerplexity = best?.validationRawPerplexity
        validationAveragedPerplexity = best?.validationAveragedPerplexity
        validationPerplexity = outcome.validationPerplexity
        testPerplexity = outcome.testPerplexity
        tokensPerSecond = outcome.tokensPerSecond
        seconds = outcome.seconds
        parameters = outcome.parameters
    }
}
