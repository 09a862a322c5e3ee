import Foundation

/// Dynamic evaluation by plain loops, weight by weight.
public struct NaiveDynamicEvaluation {
    private let model: NaiveLanguageModel
    /// Root mean square of each weight's gradient.
    private var rms: [String: [Double]] = [:]
    private let meanRMS: Double

    /// - Parameter training: windows of the training text, the state being carried from one to the next.
    public init(_ model: NaiveLanguageModel, training: [NaiveWindow]) {
        self.model = model
        var state = model.zeroState(batchSize: training[0].batchSize)
        var squares: [String: [Double]] = [:]
        for window in training {
            let forward = model.forward(window, state: state)
            state = forward.state
            for (name, gradient) in model.gradients(window, forward: forward) {
                squares[name] = zip(squares[name] ?? gradient.map { _ in 0 }, gradient).map { $0 + $1 * $1 }
            }
        }
        rms = squares.mapValues { $0.map { ($0 / Double(training.count)).squareRoot() } }
        meanRMS = rms.values.map { $0.reduce(0, +) / Double($0.count) }.reduce(0, +) / Double(rms.count)
    }

    /// The negative log-likelihood of each target of one stream.
    public func losses(_ windows: [NaiveWindow], rate: Double, decay: Double, epsilon: Double) -> [Double] {
        var learner = model
        var state = model.zeroState(batchSize: 1)
        var losses: [Double] = []
        for window in windows {
            let forward = learner.forward(window, state: state)
            state = forward.state
            for (row, target) in window.targets.enumerated() {
                let exponentials = forward.logits.row(row).map { exp($0) }
                losses.append(-log(exponentials[target] / exponentials.reduce(0, +)))
            }
            for (name, gradient) in learner.gradients(window, forward: forward) {
                for index in gradient.indices {
                    let (value, r) = (learner.parameters[name]![index], rms[name]![index])
                    learner.parameters[name]![index] = value - rate * gradient[index] / (r + epsilon)
                        + min(1, decay * r / meanRMS) * (model.parameters[name]![index] - value)
                }
            }
        }
        return losses
    }
}
