import Kernels

/// Locked dropout (§4.2, after Gal and Ghahramani): one mask [B, W] a window, shared by all its time steps.
public struct VariationalDropout {
    /// [B, W].
    public var mask: DropoutMask

    /// - Parameter strength: probability that a value is dropped, in [0, 1).
    public init(strength: Float, batchSize: Int, width: Int, stream: RandomStream) {
        mask = DropoutMask(strength: strength, rows: batchSize, columns: width, stream: stream)
    }

    /// Draws the mask of the next window.
    public mutating func draw() { mask.draw() }

    /// Drops values of a sequence [T, B, W] into `result`, and returns it; returns `sequence` itself where the technique is
    /// absent, and then does not evaluate `result`, which may be `sequence`.
    public func forward(_ sequence: Matrix, into result: @autoclosure () -> Matrix) -> Matrix {
        mask.applied(to: sequence, into: result)
    }

    /// Turns the gradient of the dropped sequence into that of the whole one, in place.
    public func backward(_ gradient: Matrix) {
        if let values = mask.values { gradient.multiply(by: values, into: gradient) }
    }
}
