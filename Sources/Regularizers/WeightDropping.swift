import Kernels

/// DropConnect on a hidden-to-hidden matrix (§2), or on the only matrix of a quasi-recurrent layer, as its reference code does: one mask a window, the same at every time step.
///
/// The raw weights stay the parameters; the recurrence sees the masked copy, and they receive its gradient masked.
public struct WeightDropping {
    /// [G·H, H].
    public var mask: DropoutMask

    /// - Parameter strength: probability that a weight is dropped, in [0, 1).
    public init(strength: Float, rows: Int, columns: Int, stream: RandomStream) {
        mask = DropoutMask(strength: strength, rows: rows, columns: columns, stream: stream)
    }

    /// Draws the mask of the next window.
    public mutating func draw() { mask.draw() }

    /// The weights of this window: a masked copy, which is written to `result`, or `raw` itself where the technique is absent, and then
    /// `result` is not evaluated.
    public func forward(_ raw: Matrix, into result: @autoclosure () -> Matrix) -> Matrix {
        mask.applied(to: raw, into: result)
    }

    /// Turns the gradient of the masked weights into that of the raw ones, in place.
    public func backward(_ gradient: Matrix) {
        if let values = mask.values { gradient.multiply(by: values) }
    }
}
