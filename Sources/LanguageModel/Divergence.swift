import Foundation

/// Training that has left the numbers: a loss or gradient that is not finite, or an interval worse than guessing by far.
struct Divergence: Error {
    /// In which it happened.
    let epoch: Int

    /// ln(V) + 5: five nats above the loss of a model that thinks all words alike.
    static func largestMeanLoss(vocabularySize: Int) -> Double { log(Double(vocabularySize)) + 5 }
}
