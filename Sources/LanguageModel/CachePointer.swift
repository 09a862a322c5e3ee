import Foundation
import Kernels

/// A continuous cache beside a model (Grave, Joulin and Usunier, ICLR 2017): words that came before are likely to come again where the last
/// layer's output h is like it was then.
///
///     p(w) = (1 − λ) · p_model(w) + λ · Σ 1[x_{i+1} = w] · exp(θ h_tᵀ h_i) / Σ exp(θ h_tᵀ h_i),  i from t − window to t − 1
///
/// Nothing is trained. The cache works from the second predicted word on, with as many words as there are; the reference code of AWD-LSTM
/// waits until its window is full.
public struct CachePointer {
    /// What a cache is set to.
    public struct Strengths: Equatable, Sendable {
        /// Number of words that are looked back at, at least 1.
        public var window: Int
        /// λ, the part of the probability that is the cache's, at least 0 and less than 1.
        public var lambda: Double
        /// θ, by how much likeness counts, at least 0.
        public var theta: Double

        public init(window: Int, lambda: Double, theta: Double) {
            self.window = window
            self.lambda = lambda
            self.theta = theta
        }

        /// The reference's values for Penn Treebank.
        public static let pennTreebank = Strengths(window: 2000, lambda: 0.1, theta: 1)
        /// The reference's values for WikiText-2.
        public static let wikiText2 = Strengths(window: 3785, lambda: 0.1279, theta: 0.662)
    }

    private let strengths: Strengths
    /// The most words that are looked back at in this text.
    private let window: Int
    /// [window + R, E], of blocks of at most R rows: the outputs that are looked back at, oldest first, and those of the block behind them.
    private let outputs: Matrix
    /// The word that came after each.
    private var nextWords: [Int32] = []
    /// h_tᵀ h_i, [R, window + R].
    private let products: Matrix
    private let path: ProductPath

    /// - Parameters:
    ///   - width: E, of an output.
    ///   - textLength: number of tokens that will be read.
    ///   - blockLength: the most rows in a block.
    ///   - precision: of the products; the machine must have what it needs.
    init(
        _ strengths: Strengths, width: Int, textLength: Int, blockLength: Int = Evaluator.defaultWindowLength, precision: Precision = .float32
    ) {
        path = .preferred(for: precision)
        self.strengths = strengths
        window = min(strengths.window, textLength)
        outputs = Matrix(rows: window + blockLength, columns: width)
        products = Matrix(rows: blockLength, columns: window + blockLength)
    }

    /// The negative log-likelihoods of the next block's words with the cache, which takes them in one after another.
    ///
    /// - Parameters:
    ///   - losses: those of the model alone.
    ///   - outputs: [R, E], from which the words were predicted.
    ///   - targets: the words.
    mutating func losses(_ losses: [Double], outputs block: Matrix, targets: ArraySlice<Int32>) -> [Double] {
        let (before, total) = (nextWords.count, nextWords.count + block.rows)
        outputs.rows(before..<total).assign(block)
        nextWords += targets
        let likeness = products.rows(0..<block.rows).columns(0..<total)
        multiply(block, outputs.rows(0..<total).transposed, into: likeness, path: path)
        let mixed = losses.enumerated().map { row, loss in
            let now = before + row
            let cached = logLikelihood(of: nextWords[now], among: max(0, now - window)..<now, likeness: likeness.rows(row..<row + 1))
            return cached.map { mix(loss, $0) } ?? loss
        }
        let kept = min(total, window)
        outputs.rows(0..<kept).assign(outputs.rows(total - kept..<total))
        nextWords.removeFirst(total - kept)
        return mixed
    }

    /// Of a word by the cache alone; nil while nothing is in it.
    private func logLikelihood(of word: Int32, among places: Range<Int>, likeness: Matrix) -> Double? {
        guard !places.isEmpty else { return nil }
        let values = likeness.columns(places).toArray()
        let highest = Double(values.max() ?? 0)
        var (sum, hits) = (0.0, 0.0)
        for (place, value) in zip(places, values) {
            let weight = exp(strengths.theta * (Double(value) - highest))
            sum += weight
            if nextWords[place] == word { hits += weight }
        }
        return log(hits / sum)
    }

    /// −log((1 − λ) e^−loss + λ e^logLikelihood), without leaving the logarithms.
    private func mix(_ loss: Double, _ logLikelihood: Double) -> Double {
        let (model, cache) = (log(1 - strengths.lambda) - loss, log(strengths.lambda) + logLikelihood)
        let (larger, smaller) = (max(model, cache), min(model, cache))
        return smaller == -.infinity ? -larger : -(larger + log1p(exp(smaller - larger)))
    }
}
