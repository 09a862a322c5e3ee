import Kernels

/// The weights with the lowest validation loss so far.
struct BestWeights {
    /// [1, N].
    let weights: Matrix
    /// Their loss; infinite before the first.
    private(set) var loss = Double.infinity
    /// The loss that was offered last.
    private(set) var lastLoss: Double?

    init(count: Int) { weights = Matrix(rows: 1, columns: count) }

    /// Takes over the losses that belong to weights read from a checkpoint.
    mutating func resume(loss: Double, lastLoss: Double?) { (self.loss, self.lastLoss) = (loss, lastLoss) }

    /// Takes the candidate over where its loss is lower, and says whether it was.
    mutating func keep(_ candidate: Matrix, loss: Double) -> Bool {
        lastLoss = loss
        guard loss < self.loss else { return false }
        self.loss = loss
        weights.assign(candidate)
        return true
    }
}
