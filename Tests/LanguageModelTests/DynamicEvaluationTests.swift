import Kernels
@testable import LanguageModel
import NaiveTwins
import Optimizers
import Recurrent
import Testing

@Suite struct DynamicEvaluationTests {
    private let training = SmallText.tokens(1201, seed: 1)
    private let text = SmallText.tokens(123, seed: 13)

    /// A weak decay, and one that is cut off at 1 for weights with large gradients.
    @Test(arguments: [(CellKind.lstm, true, 0.01), (CellKind.lstm, false, 0.8), (CellKind.gru, true, 0.8), (CellKind.gru, false, 0.01)])
    func aTextIsReadAsByTheTwin(cell: CellKind, tied: Bool, decay: Double) throws {
        let read = try ReadModel(cell, tied: tied)
        // 100 streams of 12 tokens: windows of 5, 5 and 1.
        let twin = NaiveDynamicEvaluation(read.twin, training: ReadModel.windows(training, batchSize: 100, length: 5))
        let windows = ReadModel.windows(text, batchSize: 1, length: 5)
        let expected = twin.losses(windows, rate: 1e-3, decay: decay, epsilon: Double(DynamicUpdate.epsilon))
        let evaluation = try DynamicEvaluation(read.model, training: training)
        let reading = try evaluation.read(text, strengths: .init(rate: 1e-3, decay: Float(decay)), split: "text")
        #expect(relativeDistance(reading.losses, expected) < 1e-3)
        let still = twin.losses(windows, rate: 0, decay: decay, epsilon: 1)
        #expect(relativeDistance(reading.losses, still) > 1e-2, "it learns")
    }

    @Test(arguments: CellKind.allCases) func afterwardsTheModelIsWhatItWas(cell: CellKind) throws {
        let model = try ReadModel(cell).model
        let weights = model.parameters.flat.toArray()
        let before = try TextReading.read(text, with: model, split: "text").plain
        let evaluation = try DynamicEvaluation(model, training: training)
        let first = try evaluation.read(text, strengths: .init(rate: 1e-3, decay: 0.01), split: "text")
        #expect(model.parameters.flat.toArray() == weights)
        #expect(try TextReading.read(text, with: model, split: "text").plain == before)
        #expect(try evaluation.read(text, strengths: .init(rate: 1e-3, decay: 0.01), split: "text") == first)
        #expect(first != before)
    }

    @Test func theBestOfTheCandidatesIsChosen() throws {
        let evaluation = try DynamicEvaluation(try ReadModel(.lstm).model, training: training)
        let candidates: [DynamicEvaluation.Strengths] = [.init(rate: .infinity, decay: 0.1), .init(rate: 1e-7, decay: 0.1), .init(rate: 1e-3, decay: 0.01)]
        let perplexities = try candidates.map { try evaluation.read(text, strengths: $0, split: "text").perplexity }
        // There is nothing to learn in this text, so that the slowest is the best.
        try #require(perplexities[1] < perplexities[2] && !(perplexities[0] < perplexities[1]))
        let tuned = try evaluation.tune(on: text, candidates: candidates)
        #expect(tuned.strengths == candidates[1] && tuned.perplexity == perplexities[1])
    }
}
