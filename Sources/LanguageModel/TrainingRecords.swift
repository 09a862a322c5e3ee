/// The part of training that an interval belongs to.
public enum TrainingStage: String, Sendable, Codable {
    case main
    case fineTuning = "fine-tuning"
}

/// The optimizer that an interval was trained with.
public enum OptimizerKind: String, Sendable, Codable {
    case sgd
    case asgd
}

/// How a run ended.
public enum RunStatus: String, Sendable, Codable {
    case ok
    case diverged
}

/// What is known after an interval of training, from one judgement of the weights on validation text to the next; see
/// ``TrainingSchedule/loggingInterval``.
public struct IntervalMetrics: Equatable, Sendable, Codable {
    /// From 1, counted on through both stages.
    public var interval: Int
    /// The epoch in which it ended, from 1, counted on through both stages.
    public var epoch: Int
    /// Steps of the optimizer since the run began.
    public var steps: Int
    public var stage: TrainingStage
    public var optimizer: OptimizerKind
    public var learningRate: Double
    public var trainPerplexity: Double
    /// Of the weights as trained, where they were measured; see ``TrainingSchedule/validateRaw``.
    public var validationRawPerplexity: Double?
    /// Of the averaged weights, where there are any.
    public var validationAveragedPerplexity: Double?
    /// Mean norm of the steps' gradients, before clipping.
    public var gradientNorm: Double
    /// Part of the steps whose gradient was clipped.
    public var clipped: Double
    /// Training tokens a second, evaluation aside.
    public var tokensPerSecond: Double
    /// Wall time of the interval with its evaluation.
    public var seconds: Double

    public init(
        interval: Int, epoch: Int, steps: Int, stage: TrainingStage, optimizer: OptimizerKind, learningRate: Double,
        trainPerplexity: Double, validationRawPerplexity: Double?, validationAveragedPerplexity: Double?, gradientNorm: Double,
        clipped: Double, tokensPerSecond: Double, seconds: Double
    ) {
        self.interval = interval
        self.epoch = epoch
        self.steps = steps
        self.stage = stage
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.trainPerplexity = trainPerplexity
        self.validationRawPerplexity = validationRawPerplexity
        self.validationAveragedPerplexity = validationAveragedPerplexity
        self.gradientNorm = gradientNorm
        self.clipped = clipped
        self.tokensPerSecond = tokensPerSecond
        self.seconds = seconds
    }
}

/// Where a run stands.
public struct TrainingProgress: Equatable, Sendable, Codable {
    public var stage: TrainingStage
    /// The epoch under way, from 1.
    public var epoch: Int
    /// Epochs of both stages, at most.
    public var epochs: Int
    /// Part of the epoch that is done.
    public var fraction: Double
    /// Training tokens a second of this interval so far.
    public var tokensPerSecond: Double
    /// Of this interval so far.
    public var trainPerplexity: Double
    /// Of the last judgement.
    public var validationPerplexity: Double?

    public init(
        stage: TrainingStage, epoch: Int, epochs: Int, fraction: Double, tokensPerSecond: Double, trainPerplexity: Double,
        validationPerplexity: Double?
    ) {
        self.stage = stage
        self.epoch = epoch
        self.epochs = epochs
        self.fraction = fraction
        self.tokensPerSecond = tokensPerSecond
        self.trainPerplexity = trainPerplexity
        self.validationPerplexity = validationPerplexity
    }
}

/// What a run came to.
public struct TrainingOutcome: Equatable, Sendable, Codable {
    public var status: RunStatus = .ok
    /// Epochs trained; of a diverged run, the epoch it diverged in.
    public var epochs = 0
    /// The interval after which the non-monotonic criterion first fired in the main stage.
    public var triggerInterval: Int?
    /// The first epoch of fine-tuning.
    public var fineTuningEpoch: Int?
    /// The interval of the best checkpoint.
    public var bestInterval: Int?
    /// Of the best checkpoint, on all validation text.
    public var validationPerplexity: Double?
    /// Of the best checkpoint, on all test text.
    public var testPerplexity: Double?
    public var tokensPerSecond = 0.0
    public var seconds = 0.0
    /// Number of trained values.
    public var parameters = 0

    public init() {}
}
