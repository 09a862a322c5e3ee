import Kernels

/// Averaged SGD (§3): descends as ``SGD`` does and keeps the mean of the weights after each of its steps.
public struct AveragedSGD: Optimizer {
    public var learningRate: Float
    public let weightDecay: Float
    private let mean: Matrix
    /// Number of steps in the mean.
    public private(set) var steps: Int

    /// The mean of the weights after each step so far; meaningless before the first.
    public var average: Matrix? { mean }

    /// - Parameters:
    ///   - average: [1, N] for N parameters; where the mean is kept. Whatever it holds is forgotten when there are no steps in it.
    ///   - steps: number of steps in a mean that is read back into ``average``.
    public init(learningRate: Float, weightDecay: Float, average: Matrix, steps: Int = 0) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.steps = steps
        mean = average
        if steps == 0 { mean.fill(0) }
    }

    public mutating func step(_ parameters: Matrix, gradients: Matrix, clip: Float, learningRateScale: Float) {
        steps += 1
        parameters.descend(
            along: gradients, rate: learningRate * learningRateScale, clip: clip, decay: weightDecay, average: mean,
            weight: 1 / Float(steps))
    }
}
