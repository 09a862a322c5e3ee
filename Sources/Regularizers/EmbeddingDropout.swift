import Kernels

/// Drops whole words for a window (§4.3): rows of the embedding matrix, kept rows scaled by 1/(1−p).
///
/// The decoder's copy of a tied matrix is not dropped.
public struct EmbeddingDropout {
    /// [1, V], one value a word.
    public var mask: DropoutMask

    /// - Parameter strength: probability that a word is dropped, in [0, 1).
    public init(strength: Float, vocabularySize: Int, stream: RandomStream) {
        mask = DropoutMask(strength: strength, rows: 1, columns: vocabularySize, stream: stream)
    }

    /// Draws the mask of the next window.
    public mutating func draw() { mask.draw() }

    /// Looks words up in `table` [V, E] into `result` [T·B, E].
    public func forward(_ ids: [Int32], table: Matrix, into result: Matrix) {
        table.lookUp(ids, rowScale: mask.values, into: result)
    }

    /// Adds the gradient of the looked-up rows to that of the table.
    public func backward(_ gradient: Matrix, ids: [Int32], tableGradient: Matrix) {
        tableGradient.addLookUpGradient(gradient, ids: ids, rowScale: mask.values)
    }
}
