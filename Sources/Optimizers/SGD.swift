import Kernels

/// Plain stochastic gradient descent, without momentum.
public struct SGD: Optimizer {
    public var learningRate: Float
    public let weightDecay: Float
    public var average: Matrix? { nil }

    public init(learningRate: Float, weightDecay: Float) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
    }

    public mutating func step(_ parameters: Matrix, gradients: Matrix, clip: Float, learningRateScale: Float) {
        parameters.descend(along: gradients, rate: learningRate * learningRateScale, clip: clip, decay: weightDecay)
    }
}
