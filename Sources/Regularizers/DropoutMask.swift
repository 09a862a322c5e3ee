import Kernels

/// The one primitive behind every dropout: a matrix of 0 and 1/(1−p), or of 0 and 1, drawn anew for each window.
public struct DropoutMask {
    /// p, the probability that a value is dropped, in [0, 1). At 0 there is no mask and nothing is drawn.
    public let strength: Float
    /// Where the draws come from.
    public var stream: RandomStream
    /// The values in force, or nil at strength 0.
    public let values: Matrix?

    /// Whether kept values are 1/(1−p).
    private let scaling: Bool

    /// A mask of ones, until the first draw.
    ///
    /// - Parameter scaling: whether kept values are 1/(1−p), which leaves the mean of what is masked as it was; else they are 1.
    public init(strength: Float, rows: Int, columns: Int, scaling: Bool = true, stream: RandomStream) {
        precondition(strength >= 0 && strength < 1, "a dropout probability lies in [0, 1)")
        self.strength = strength
        self.stream = stream
        self.scaling = scaling
        values = strength > 0 ? Matrix(rows: rows, columns: columns) : nil
        values?.fill(1)
    }

    /// Draws every value anew.
    public mutating func draw() {
        if let values { stream.fillBernoulli(values, dropped: strength, scaling: scaling) }
    }

    /// Writes `matrix` times the mask to `result`, and returns it; returns `matrix` itself where there is no mask, and then does not evaluate
    /// `result`, which may be `matrix`. A mask of fewer rows holds for all time steps of a sequence.
    func applied(to matrix: Matrix, into result: () -> Matrix) -> Matrix {
        guard let values else { return matrix }
        let result = result()
        matrix.multiply(by: values, into: result)
        return result
    }
}
