import Kernels

/// One way to update all parameters at once, over flat storage.
public protocol Optimizer {
    var learningRate: Float { get set }
    /// L2 strength: `weightDecay · parameter` is added to each gradient.
    var weightDecay: Float { get }
    /// The averaged weights, of an optimizer that averages.
    var average: Matrix? { get }

    /// Updates `parameters` [1, N] against `gradients` [1, N].
    ///
    /// - Parameters:
    ///   - clip: factor of the gradients before decay is added; see ``GradientClipping``.
    ///   - learningRateScale: factor of the learning rate of this step alone.
    mutating func step(_ parameters: Matrix, gradients: Matrix, clip: Float, learningRateScale: Float)
}
