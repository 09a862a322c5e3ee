import Kernels

/// Averaged SGD (§3): descends as ``SGD`` does and keeps the mean of the weights after each of its steps.
public struct AveragedSGD: Optimizer {
    public var learningRate: Float
    public let weightDecay: Float
    private let mean: Matrix
    /// Number of steps in the mean.
    public private(set) var steps = 0

    /// The mean of the weights after each step so far; meaningless before the first.
    public var average: Matrix? { mean }

    /// - Parameter count: number of parameters.
    public init(learningRate: Float, weightDecay: Float, count: Int) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        mean = Matrix(rows: 1, columns: count)
    }

    public mutating func step(_ parameters: Matrix, gradients: Matrix, clip: Float, learningRateScale: Float) {
        steps += 1
        parameters.descend(
            along: gradients, rate: learningRate * learningRateScale, clip: clip, decay: weightDecay, average: mean,
            weight: 1 / Float(steps))
    }
}
