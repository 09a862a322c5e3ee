import Corpus
import Kernels
import Optimizers

/// Where a run under way stands: beside the weights, everything on which the rest of it depends.
struct TrainingState: Equatable, Codable {
    var stage = TrainingStage.main
    /// Both stages are done.
    var isFinished = false
    /// Of the stage under way.
    var trigger: NonMonotonicTrigger
    /// The intervals that are done and judged.
    var intervals: [IntervalMetrics] = []
    /// The interval under way.
    var interval = IntervalState()
    /// The loss of the judgement from which nothing has followed yet, as it is in a fork.
    var judgedLoss: Double?
    /// The epoch of the last window; nil before the first.
    var epoch: EpochState?
    var outcome = TrainingOutcome()
    /// Tokens and time of the intervals that are done.
    var trainedTokens = 0
    var trainingSeconds = 0.0

    /// How far an epoch is: a place in the training text.
    struct EpochState: Equatable, Codable {
        /// Steps of the streams that are done.
        var position: Int
        /// What the layers carry to the next window.
        var recurrent: ModelState
    }

    /// What is summed over the windows from one judgement to the next.
    struct IntervalState: Equatable, Codable {
        var tokens = 0
        /// The negative log-likelihoods of the tokens so far.
        var loss = 0.0
        /// Windows so far, and those of them whose gradient was clipped.
        var steps = 0
        var clippedSteps = 0
        /// The norms of the windows' gradients so far, before clipping, summed.
        var gradientNorms = 0.0
        var seconds = 0.0

        /// Adds a window to the sums.
        mutating func count(_ window: Window, loss mean: Double, norm: Double, isClipped: Bool) {
            tokens += window.targets.count
            loss += mean * Double(window.targets.count)
            steps += 1
            clippedSteps += isClipped ? 1 : 0
            gradientNorms += norm
        }

        var meanLoss: Double { loss / Double(tokens) }
        var tokensPerSecond: Double { Double(tokens) / seconds }
    }

    /// The learning rate, as the halvings have left it, and the number of steps in the average, where there is one.
    struct OptimizerState: Equatable, Codable {
        var learningRate: Float
        var averagedSteps: Int?
    }

    /// What other parts keep, as of a checkpoint.
    struct Snapshot: Equatable, Codable {
        var state: TrainingState
        var optimizer: OptimizerState
        var bestLoss: Double
        var lastLoss: Double?
        /// Of the window lengths, then of the masks in the order of ``Techniques/streams``.
        var streams: [RandomStream]
    }
}
