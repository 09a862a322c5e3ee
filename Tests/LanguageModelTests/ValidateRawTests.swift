import Foundation
@testable import LanguageModel
import Testing

/// Measuring the raw weights beside averaged ones less often changes nothing but that figure.
@Suite struct ValidateRawTests {
    @Test(arguments: [0, 2, 3])
    func theRawWeightsAreMeasuredMoreRarelyAndNothingElseChanges(every count: Int) throws {
        func run(_ validateRaw: Int) throws -> (outcome: TrainingOutcome, intervals: [IntervalMetrics]) {
            var schedule = SmallText.roughSchedule(epochs: 12, fineTuningEpochs: 6)
            schedule.validateRaw = validateRaw
            let trainer = try Trainer(
                model: SmallText.configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: nil)
            var outcome = try trainer.train()
            (outcome.seconds, outcome.tokensPerSecond) = (0, 0)
            return (outcome, trainer.intervals.map { interval in
                var interval = interval
                (interval.seconds, interval.tokensPerSecond) = (0, 0)
                return interval
            })
        }
        let (always, rarely) = (try run(1), try run(count))
        #expect(rarely.outcome == always.outcome)
        let expected = always.intervals.map { interval in
            var interval = interval
            let isMeasured = interval.optimizer == .sgd || (count > 0 && interval.interval % count == 0)
            if !isMeasured { interval.validationRawPerplexity = nil }
            return interval
        }
        #expect(rarely.intervals == expected)
        #expect(always.intervals.allSatisfy { $0.validationRawPerplexity != nil })
        #expect(expected.contains { $0.validationRawPerplexity == nil } && expected.contains { $0.optimizer == .sgd })
    }
}
