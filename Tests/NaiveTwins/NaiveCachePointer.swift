import Foundation

/// The continuous cache over one stream, with whole distributions.
public enum NaiveCachePointer {
    /// The negative log-likelihood of each target.
    ///
    /// - Parameters:
    ///   - logits: [N, V] by the model.
    ///   - outputs: [N, E] of its last layer.
    public static func losses(
        logits: NaiveMatrix, outputs: NaiveMatrix, targets: [Int], window: Int, lambda: Double, theta: Double
    ) -> [Double] {
        targets.indices.map { t in
            let exponentials = logits.row(t).map { exp($0) }
            var probabilities = exponentials.map { $0 / exponentials.reduce(0, +) }
            let places = (0..<t).suffix(window)
            if !places.isEmpty {
                let weights = places.map { i in exp(theta * zip(outputs.row(t), outputs.row(i)).map { $0 * $1 }.reduce(0, +)) }
                for word in probabilities.indices { probabilities[word] *= 1 - lambda }
                for (i, weight) in zip(places, weights) { probabilities[targets[i]] += lambda * weight / weights.reduce(0, +) }
            }
            return -log(probabilities[targets[t]])
        }
    }
}
