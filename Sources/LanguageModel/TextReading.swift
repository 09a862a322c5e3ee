import Foundation

/// How well each word of a text is predicted, which is read as one stream from its beginning.
public struct TextReading: Equatable, Sendable {
    /// The negative log-likelihood of every token but the first, which is read only, in nats.
    public let losses: [Double]
    /// Their mean.
    public let meanLoss: Double

    /// e to the ``meanLoss``.
    public var perplexity: Double { exp(meanLoss) }

    /// - Parameter meanLoss: their mean, if it was summed up already.
    init(losses: [Double], meanLoss: Double? = nil) {
        self.losses = losses
        self.meanLoss = meanLoss ?? losses.reduce(0, +) / Double(losses.count)
    }

    /// Reads a text with a model, and where asked with a cache beside it.
    ///
    /// - Parameters:
    ///   - cache: nil for none; `cached` is then nil too. The other reading is the same to the last bit with and without.
    ///   - split: what the text is, for error messages.
    /// - Throws: `InputError` when there are fewer than two tokens.
    public static func read(
        _ tokens: [Int32], with model: LanguageModel, cache strengths: CachePointer.Strengths? = nil, split: String
    ) throws -> (plain: TextReading, cached: TextReading?) {
        var cache = strengths.map {
            CachePointer(
                $0, width: model.configuration.effectiveEmbeddingSize, textLength: tokens.count, precision: model.configuration.precision)
        }
        var (losses, cached): ([Double], [Double]) = ([], [])
        let (meanLoss, _) = try Evaluator(model, batchSize: 1).measure(tokens, split: split, record: { block, output in
            let targets = tokens[losses.count + 1..<losses.count + 1 + block.count]
            losses += block
            if let more = cache?.losses(block, outputs: output, targets: targets) { cached += more }
        })
        return (TextReading(losses: losses, meanLoss: meanLoss), strengths == nil ? nil : TextReading(losses: cached))
    }
}
