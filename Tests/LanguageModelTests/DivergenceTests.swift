import Foundation
@testable import LanguageModel
import Regularizers
import Testing

@Suite struct DivergenceTests {
    private func run(_ change: (inout TrainingSchedule) -> Void) throws -> (TrainingOutcome, [IntervalMetrics]) {
        var schedule = SmallText.schedule
        change(&schedule)
        let trainer = try Trainer(
            model: SmallText.configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 1, threads: 1,
            directory: nil)
        var epochs: [IntervalMetrics] = []
        let outcome = try trainer.train(onInterval: { epochs.append($0) })
        return (outcome, epochs)
    }

    private func expectDiverged(_ outcome: TrainingOutcome, _ epochs: [IntervalMetrics]) {
        #expect(outcome.status == .diverged)
        #expect(outcome.epochs == epochs.count + 1, "the epoch that diverged is not reported as one that ended")
        #expect(outcome.validationPerplexity == nil && outcome.testPerplexity == nil)
    }

    /// Where a loss or a gradient is not finite, the run stops before the weights are touched.
    @Test(arguments: [
        ("decoder.bias", Float.nan), ("decoder.bias", .infinity), ("layers.0.weight_ih", .nan), ("decoder.weight", 1e30),
        // The loss is a number and the gradient too, and no model comes back from there.
        ("decoder.bias", 5_000),
    ])
    func numbersOutOfRangeStopTheRunBeforeTheUpdate(parameter: String, value: Float) throws {
        var configuration = SmallText.configuration
        configuration.regularization = RegularizationStrengths()
        var schedule = SmallText.schedule
        schedule.gradientClipping = 0  // A norm that is not finite would be clipped to nothing.
        let trainer = try Trainer(
            model: configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 1, threads: 1,
            directory: nil)
        let parameters = trainer.model.parameters
        // With 1e30 the loss is a number and the norm of the gradient is none.
        parameters[parameter][0, 0] = value
        let before = parameters.flat.toArray().map(\.bitPattern)
        var epochs: [IntervalMetrics] = []
        let outcome = try trainer.train(onInterval: { epochs.append($0) })
        expectDiverged(outcome, epochs)
        #expect(outcome.epochs == 1)
        #expect(parameters.flat.toArray().map(\.bitPattern) == before)
    }

    @Test func aStepThatLeavesTheNumbersIsNotTaken() throws {
        var schedule = SmallText.schedule
        schedule.learningRate = 1e12
        let trainer = try Trainer(
            model: SmallText.configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 1, threads: 1, directory: nil)
        let before = trainer.model.parameters.flat.toArray()
        expectDiverged(try trainer.train(), [])
        #expect(trainer.model.parameters.flat.toArray() == before)
    }

    @Test func aLossThatIsNoNumberIsNeverTheBest() throws {
        let model = LanguageModel(SmallText.configuration, vocabularySize: SmallText.vocabularySize)
        var best = BestWeights(count: model.parameters.count, file: nil, vocabularyDigest: "")
        #expect(try !best.keep(model, loss: .nan, epoch: 1) && best.loss == .infinity)
        #expect(try best.keep(model, loss: 3, epoch: 2))
        for loss in [Double.nan, .infinity, 3] { #expect(try !best.keep(model, loss: loss, epoch: 3) && best.loss == 3) }
    }

    @Test func anEpochFarWorseThanGuessingStopsTheRun() throws {
        // Every loss of this run is a number: only the mean of an epoch tells.
        let (outcome, epochs) = try run {
            $0.learningRate = 300
            $0.gradientClipping = 0
        }
        expectDiverged(outcome, epochs)
        for metrics in epochs {
            #expect(log(metrics.trainPerplexity) <= log(Double(SmallText.vocabularySize)) + 5)
        }
    }

    @Test(arguments: [(10_000, 14.2103), (1, 5.0), (33_278, 15.4127)])
    func theLimitIsFiveNatsAboveGuessing(vocabularySize: Int, limit: Double) {
        #expect(abs(Divergence.largestMeanLoss(vocabularySize: vocabularySize) - limit) < 1e-3)
    }

    @Test func aHealthyRunDoesNotDiverge() throws {
        #expect(try run { _ in }.0.status == .ok)
    }
}
