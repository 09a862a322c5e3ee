/// A stretch of consecutive tokens of a text, and how well a model predicts it.
public struct TextBlock: Equatable, Sendable {
    /// Number of predicted tokens.
    public private(set) var tokens: Int
    /// Summed over them, in nats.
    public private(set) var negativeLogLikelihood: Double

    /// Tokens of every block but the last of a stream: about four sentences. On Penn Treebank stretches ten times as long give intervals
    /// of a difference that are as wide, so that what neighbouring words have in common does not reach beyond.
    public static let length = 100

    public init(tokens: Int = 0, negativeLogLikelihood: Double = 0) {
        self.tokens = tokens
        self.negativeLogLikelihood = negativeLogLikelihood
    }

    /// Takes one more token in.
    mutating func add(_ loss: Double) {
        tokens += 1
        negativeLogLikelihood += loss
    }
}
