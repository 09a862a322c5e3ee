import Configurations
import LanguageModel
import Recurrent

/// What one run came to: a line of `results.csv`.
public struct RunResult: Equatable, Sendable {
    /// How a run ended.
    public enum Status: String, Sendable {
        case ok
        /// The loss or a gradient was not finite, or the loss far too large.
        case diverged
        /// The process ended without a result.
        case failed
    }

    /// The name of the dataset.
    public var dataset = ""
    /// The profile of its configuration.
    public var profile = ""
    /// The recurrent cell.
    public var cell = CellKind.lstm
    /// What was removed or set.
    public var row = Row.full
    /// The source of all its randomness.
    public var seed = 1
    /// How it ended.
    public var status = Status.failed
    /// Epochs of both stages; of a diverged run, the epoch it diverged in.
    public var epochs = 0
    /// The epoch in or after which the non-monotonic criterion first fired.
    public var triggerEpoch: Int?
    /// The first epoch of fine-tuning.
    public var fineTuningEpoch: Int?
    /// The epoch of the best checkpoint.
    public var bestEpoch: Int?
    /// In the first interval.
    public var learningRate: Float?
    /// In the last interval.
    public var lastLearningRate: Float?
    /// After the best epoch, of the raw weights, on the part of the validation text that they are judged on.
    public var validationRawPerplexity: Double?
    /// The same of the averaged weights, where there were any.
    public var validationAveragedPerplexity: Double?
    /// Of the best checkpoint, on all validation text.
    public var validationPerplexity: Double?
    /// The same text block by block; empty where it is not known. It stands in the run's folder, not in `results.csv`.
    public var validationBlocks: [TextBlock] = []
    /// Of the best checkpoint, on all test text.
    public var testPerplexity: Double?
    /// Training tokens a second, evaluation aside.
    public var tokensPerSecond = 0.0
    /// Wall time of the whole run.
    public var seconds = 0.0
    /// Number of trained values.
    public var parameters = 0
    /// V.
    public var vocabulary = 0
    /// Tokens of the training text that were used.
    public var trainingTokens = 0
    /// A part of the training text was used: the perplexities are not comparable with the paper's.
    public var isPartial = false
    /// Of a synthetic corpus: the perplexity of a model that knows the source.
    public var sourcePerplexity: Double?
    /// Of the full model's configuration without its seed: the first digits of its SHA-256.
    public var configurationDigest = ""
    /// What the run's configuration changes in the full model's; empty for the full model itself.
    public var difference = ""
    /// Of a run that failed: why, naming the file where one is to blame.
    public var reason = ""

    /// A failed run of no dataset, to be filled in.
    public init() {}
}
