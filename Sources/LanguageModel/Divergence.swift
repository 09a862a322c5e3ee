import Foundation

/// Training that has left the numbers: a loss or gradient that is not finite or explodes, or an interval worse than guessing by far.
///
/// A window is looked at before the weights are changed, so that these stay finite: no step is longer than ``largestStep``.
struct Divergence: Error {
    /// In which it happened.
    let epoch: Int

    /// ln(V) + 5: five nats above the loss of a model that thinks all words alike.
    static func largestMeanLoss(vocabularySize: Int) -> Double { log(Double(vocabularySize)) + 5 }

    /// Of one window, from which training may come back sooner than from a whole interval: ten times as much.
    static func largestWindowLoss(vocabularySize: Int) -> Double { 10 * largestMeanLoss(vocabularySize: vocabularySize) }

    /// The norm of the largest change of all weights in one step, without weight decay. The weights of the largest models here have a norm
    /// of some hundreds.
    static let largestStep = 1e6
}
