import Kernels

/// Zoneout (Krueger et al., ICLR 2017) on the gate of a quasi-recurrent layer, as the layer's authors do it: with probability p a value of the
/// cell stays what it was at the step before.
///
/// In training a mask of 0 and 1, drawn for every step, multiplies the gate that lets new values in; in evaluation its mean 1−p does.
public struct Zoneout {
    /// [T·B, H], 0 where a value stays.
    public var mask: DropoutMask
    /// [B, H], 1−p.
    private let mean: Matrix?

    /// - Parameters:
    ///   - strength: probability that a value stays, in [0, 1).
    ///   - length: the longest window in training; nil in evaluation, where no mask is drawn.
    public init(strength: Float, batchSize: Int, width: Int, length: Int?, stream: RandomStream) {
        mask = DropoutMask(
            strength: length == nil ? 0 : strength, rows: (length ?? 0) * batchSize, columns: width, scaling: false, stream: stream)
        mean = length == nil && strength > 0 ? Matrix(rows: batchSize, columns: width) : nil
        mean?.fill(1 - strength)
    }

    /// Draws the mask of the next window.
    public mutating func draw() { mask.draw() }

    /// The factors of a window of `rows` rows, T·B, or of one step where they are the same at all; nil where the technique is absent.
    public func factors(rows: Int) -> Matrix? { mask.values?.rows(0..<rows) ?? mean }
}
