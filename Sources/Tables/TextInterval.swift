import Foundation
import Kernels
import LanguageModel
import Synchronization

/// What the validation text can tell of the difference between two runs: a 95 % interval of the difference of their perplexities.
///
/// A paired block bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, 8.6 and 13.3): stretches of the text are drawn
/// with replacement, as many as there are and the same of both runs, again and again; the interval lies between the 2.5th and the
/// 97.5th percentile of the differences. Another seed would give other weights, of which the text knows nothing.
struct TextInterval: Equatable, Sendable {
    let low: Double
    let high: Double

    /// Number of drawn texts.
    static let resamplings = 2_000
    /// With fewer stretches of text the percentiles are too near to one another.
    static let fewestBlocks = 20

    /// Nil where the blocks are few, or not of the same stretches in both runs.
    init?(_ blocks: [TextBlock], baseline: [TextBlock], resamplings: Int = Self.resamplings) {
        guard blocks.count >= Self.fewestBlocks, blocks.map(\.tokens) == baseline.map(\.tokens) else { return nil }
        let differences = Self.draws(blocks: blocks.count, resamplings: resamplings).map { drawn in
            var (tokens, sum, baselineSum) = (0, 0.0, 0.0)
            for block in drawn {
                tokens += blocks[Int(block)].tokens
                sum += blocks[Int(block)].negativeLogLikelihood
                baselineSum += baseline[Int(block)].negativeLogLikelihood
            }
            return exp(sum / Double(tokens)) - exp(baselineSum / Double(tokens))
        }.sorted()
        low = Self.quantile(0.025, of: differences)
        high = Self.quantile(0.975, of: differences)
    }

    /// The blocks of each drawn text: the same for every row, and drawn once, which takes longer than all the rest.
    private static func draws(blocks: Int, resamplings: Int) -> [[Int32]] {
        drawn.withLock { drawn in
            if drawn.first?.count == blocks && drawn.count == resamplings { return drawn }
            var random = RandomStream(seed: 1, name: "validation-text")
            drawn = (0..<resamplings).map { _ in (0..<blocks).map { _ in Int32(random.uniform() * Double(blocks)) } }
            return drawn
        }
    }

    private static let drawn = Mutex<[[Int32]]>([])

    /// Between the two values next to the place, in proportion.
    ///
    /// - Parameter sorted: at least one value.
    static func quantile(_ part: Double, of sorted: [Double]) -> Double {
        let place = part * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
