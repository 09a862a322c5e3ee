import Corpus

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
    /// n of the non-monotonic criterion, in epochs.
    public var nonMonotonicInterval = 5
    /// Runs the second stage.
    public var fineTuning = true
    /// Largest number of epochs of the fine-tuning stage.
    public var fineTuningEpochs = 500
    /// Batch size of the evaluation on validation text.
    public var validationBatchSize = 10
    /// Batch size of the evaluation on test text.
    public var testBatchSize = 1
    /// Length in tokens of the prefix of the validation text that each epoch is judged on; 0 means all of it.
    public var validationTokens = 0

    public init() {}

    /// Epochs of both stages, at most.
    public var largestEpochs: Int { epochs + (fineTuning ? fineTuningEpochs : 0) }

    /// The training text as parallel streams, once it is sure that every split is long enough.
    ///
    /// - Throws: `InputError` naming a split that has too few tokens for its batch size, or training text shorter than a window.
    @discardableResult
    public func streams(of corpus: Corpus) throws -> TokenStreams {
        let training = try TokenStreams(
            tokens: corpus.train, batchSize: batchSize, windowLength: max(2, windowLength), split: "training text")
        _ = try TokenStreams(tokens: corpus.validation, batchSize: validationBatchSize, split: "validation text")
        _ = try TokenStreams(tokens: corpus.test, batchSize: testBatchSize, split: "test text")
        return training
    }
}
