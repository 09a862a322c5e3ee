import Foundation
import Kernels

/// The weights with the lowest validation loss so far, and their file in the run's folder.
struct BestWeights {
    /// [1, N].
    let weights: Matrix
    /// Their loss; infinite before the first.
    private(set) var loss = Double.infinity
    /// The loss that was offered last.
    private(set) var lastLoss: Double?
    /// Nil for nowhere.
    private let file: URL?
    private let vocabularyDigest: String

    init(count: Int, file: URL?, vocabularyDigest: String) {
        weights = Matrix(rows: 1, columns: count)
        self.file = file
        self.vocabularyDigest = vocabularyDigest
    }

    /// Takes over the losses that belong to weights read from a checkpoint.
    mutating func resume(loss: Double, lastLoss: Double?) { (self.loss, self.lastLoss) = (loss, lastLoss) }

    /// Writes the file anew from weights that were read from a checkpoint, this run's or another's; the model is lent for it.
    ///
    /// - Throws: an error of the file system.
    func restore(to model: LanguageModel, epoch: Int) throws {
        guard file != nil else { return }
        model.parameters.flat.exchange(with: weights)
        defer { model.parameters.flat.exchange(with: weights) }
        try write(model, epoch: epoch)
    }

    /// Takes the model's weights over, and writes them, where their loss is lower; says whether it was.
    ///
    /// - Throws: an error of the file system.
    mutating func keep(_ model: LanguageModel, loss: Double, epoch: Int) throws -> Bool {
        lastLoss = loss
        guard loss < self.loss else { return false }
        self.loss = loss
        weights.assign(model.parameters.flat)
        try write(model, epoch: epoch)
        return true
    }

    private func write(_ model: LanguageModel, epoch: Int) throws {
        if let file { try Checkpoint.write(model, metadata: .init(epoch: epoch, vocabularyDigest: vocabularyDigest), to: file) }
    }
}
