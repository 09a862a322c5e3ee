import Corpus
import Regularizers

/// How a model is trained: batches, learning rate, optimizer and stages (paper §3 and §5).
public struct TrainingSchedule: Equatable, Sendable {
    /// B, the number of parallel training streams.
    public var batchSize = 20
    /// Base window length in tokens; see ``Regularizers/VariableLengthBPTT``.
    public var windowLength = 70
    public var learningRate: Float = 30
    /// Largest global gradient norm; 0 turns clipping off.
    public var gradientClipping: Float = 0.25
    /// L2 strength added to the gradient.
    public var weightDecay: Float = 0
    /// Largest number of epochs of the main stage.
    public var epochs = 500
    /// Averages once the validation loss stops improving; otherwise the learning rate is halved on the same criterion.
    public var ntASGD = true
    /// Where halving stops, so that a loss which has become noise does not bring training to a standstill; 0, as in the paper, is never.
    public var smallestLearningRate: Float = 0
    /// L of Algorithm 1, in steps of the optimizer: after so many, whatever the place in the text, the weights are judged on validation
    /// text; what is left of an interval when a stage's last epoch ends is judged too. The criterion, the best weights and checkpoints
    /// hang on these judgements, while epochs are counted in passes through the text. 0 judges after each epoch, as the paper does.
    public var loggingInterval = 0
    /// n of the non-monotonic criterion, in judgements.
    public var nonMonotonicInterval = 5
    /// Once there are averaged weights, by which alone the run is judged, at every how many judgements the raw ones are measured too; 0 for
    /// none.
    public var validateRaw = 1
    /// Runs the second stage.
    public var fineTuning = true
    /// Largest number of epochs of the fine-tuning stage.
    public var fineTuningEpochs = 500
    /// Batch size of the evaluation on validation text.
    public var validationBatchSize = 10
    /// Batch size of the evaluation on test text.
    public var testBatchSize = 1
    /// Length in tokens of the prefix of the validation text that the weights are judged on; 0 means all of it.
    public var validationTokens = 0

    public init() {}

    /// Epochs of both stages, at most.
    public var largestEpochs: Int { epochs + (fineTuning ? fineTuningEpochs : 0) }

    /// About how often the weights are judged while the training text is gone through `epochs` times, not counting what is left of an
    /// interval at the end of a stage.
    ///
    /// - Parameters:
    ///   - tokens: of the training text.
    ///   - variableLength: whether windows are of random length.
    public func judgements(epochs: Double, tokens: Int, variableLength: Bool) -> Double {
        guard loggingInterval > 0 else { return epochs }
        let mean = VariableLengthBPTT.meanLength(isOn: variableLength, baseLength: windowLength)
        return epochs * Double(tokens / batchSize) / mean / Double(loggingInterval)
    }

    /// The part of the validation text on which the weights are judged.
    func judgedText(of corpus: Corpus) -> [Int32] {
        validationTokens == 0 ? corpus.validation : Array(corpus.validation.prefix(validationTokens))
    }

    /// The training text as parallel streams, once it is sure that every split is long enough.
    ///
    /// - Throws: `InputError` naming a split that has too few tokens for its batch size, or training text shorter than a window.
    @discardableResult
    public func streams(of corpus: Corpus) throws -> TokenStreams {
        let training = try TokenStreams(
            tokens: corpus.train, batchSize: batchSize, windowLength: max(2, windowLength), split: "training text")
        for (part, split) in [(corpus.validation, "validation text"), (judgedText(of: corpus), "validation text that validation-tokens leaves")] {
            _ = try TokenStreams(tokens: part, batchSize: validationBatchSize, split: split)
        }
        _ = try TokenStreams(tokens: corpus.test, batchSize: testBatchSize, split: "test text")
        return training
    }
}
