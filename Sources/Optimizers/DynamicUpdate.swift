import Kernels

/// The step of dynamic evaluation (Krause et al. 2018, "Dynamic Evaluation of Neural Sequence Models", §4–5): the weights follow the gradients
/// of the text being read, each by how large its gradient was in training, and are drawn back to where they began.
///
///     θ ← θ − η · g / (r + ε) + min(1, λ · r / r̄) ∘ (θ₀ − θ)
///
/// r is the root mean square of each weight's gradient over the training text; r̄ is the mean over the parameters of their mean r, as in the
/// authors' code.
public struct DynamicUpdate {
    /// η and λ.
    public struct Strengths: Equatable, Sendable {
        /// η, how far a gradient leads.
        public let rate: Float
        /// λ, how strongly the weights are drawn back.
        public let decay: Float

        public init(rate: Float, decay: Float) {
            self.rate = rate
            self.decay = decay
        }
    }

    /// ε, that of the authors' code.
    public static let epsilon: Float = 2e-5

    private let rms: ParameterStorage
    /// r̄.
    private let meanRMS: Double
    /// θ₀, [1, N].
    private let origin: Matrix

    /// - Parameters:
    ///   - squares: the summed squares of the gradients of a number of steps; used up.
    ///   - steps: that number.
    ///   - parameters: θ₀, of which a copy is kept.
    public init(squares: ParameterStorage, steps: Int, parameters: Matrix) {
        squares.flat.takeSquareRoots(scaledBy: 1 / Float(steps).squareRoot())
        rms = squares
        meanRMS = squares.shapes.reduce(0) { $0 + squares[$1.name].mean } / Double(squares.shapes.count)
        origin = Matrix(rows: 1, columns: parameters.count)
        origin.assign(parameters)
    }

    /// Updates `parameters` [1, N] along `gradients` [1, N].
    public func step(_ parameters: Matrix, gradients: Matrix, strengths: Strengths) {
        let pull = meanRMS > 0 ? Float(Double(strengths.decay) / meanRMS) : 0
        parameters.adapt(
            along: gradients, rate: strengths.rate, epsilon: Self.epsilon, rms: rms.flat, origin: origin, pull: pull)
    }

    /// Puts the weights back to where they began, to the last bit.
    public func reset(_ parameters: Matrix) { parameters.assign(origin) }
}
