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
    /// - Parameter intervals: all of the run.
    public mutating func record(_ outcome: TrainingOutcome, intervals: [IntervalMetrics]) {
        let best = intervals.first { $0.interval == outcome.bestInterval }
        status = outcome.status == .ok ? .ok : .diverged
        epochs = outcome.epochs
        triggerEpoch = intervals.first { $0.interval == outcome.triggerInterval }?.epoch
        fineTuningEpoch = outcome.fineTuningEpoch
        bestEpoch = best?.epoch
        learningRate = intervals.first.map { Float($0.learningRate) }
        lastLearningRate = intervals.last.map { Float($0.learningRate) }
        validationRawPerplexity = best?.validationRawPerplexity
        validationAveragedPerplexity = best?.validationAveragedPerplexity
        validationPerplexity = outcome.validationPerplexity
        testPerplexity = outcome.testPerplexity
        tokensPerSecond = outcome.tokensPerSecond
        seconds = outcome.seconds
        parameters = outcome.parameters
    }
}
