import Foundation
@testable import LanguageModel
import Optimizers
import Testing

/// Judging after a number of steps: it decides what follows, and changes nothing in the steps themselves.
@Suite struct LoggingIntervalTests {
    private struct Run {
        var outcome: TrainingOutcome
        var intervals: [IntervalMetrics]
    }

    private func trainer(_ schedule: TrainingSchedule, isVariable: Bool = true) throws -> Trainer {
        var configuration = SmallText.configuration
        configuration.regularization.variableLengthBPTT = isVariable
        return try Trainer(model: configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 2, threads: 1, directory: nil)
    }

    private func run(_ schedule: TrainingSchedule, every steps: Int, isVariable: Bool = true) throws -> Run {
        var schedule = schedule
        schedule.loggingInterval = steps
        let trainer = try trainer(schedule, isVariable: isVariable)
        var outcome = try trainer.train()
        (outcome.seconds, outcome.tokensPerSecond) = (0, 0)
        let intervals = trainer.intervals.map { interval in
            var interval = interval
            (interval.seconds, interval.tokensPerSecond) = (0, 0)
            return interval
        }
        return Run(outcome: outcome, intervals: intervals)
    }

    private var rough: TrainingSchedule { SmallText.roughSchedule(epochs: 12, fineTuningEpochs: 6) }

    /// Without averaging, to which no run here comes, and in which the weights that are judged are others.
    private var steady: TrainingSchedule {
        var schedule = SmallText.schedule
        schedule.nonMonotonicInterval = 10_000
        return schedule
    }

    @Test(arguments: [1, 24, 26, 60])
    func theStepsAreTheSameHoweverOftenTheyAreJudged(steps: Int) throws {
        func weights(every interval: Int) throws -> [UInt32] {
            var schedule = steady
            schedule.loggingInterval = interval
            let trainer = try trainer(schedule)
            var count = 0
            #expect(throws: TrainingStopped.self) {
                try trainer.train(shouldStop: {
                    count += 1
                    return count == steps
                })
            }
            return trainer.model.parameters.flat.toArray().map(\.bitPattern)
        }
        let expected = try weights(every: 0)
        for interval in [1, 7, 40, 1_000] { #expect(try weights(every: interval) == expected, "every \(interval) steps") }
    }

    @Test(arguments: [1, 7, 40, 1_000])
    func intervalsGoOverTheEndsOfEpochsButNotOfStages(interval: Int) throws {
        let byEpoch = try run(steady, every: 0).intervals
        let judged = try run(steady, every: interval)
        #expect(byEpoch.map(\.interval) == [1, 2, 3, 4, 5] && byEpoch.map(\.epoch) == [1, 2, 3, 4, 5])
        let (main, whole) = (byEpoch[2].steps, byEpoch[4].steps)
        let expected = Array(stride(from: interval, to: main, by: interval)) + [main]
            + Array(stride(from: main + interval, to: whole, by: interval)) + [whole]
        #expect(judged.intervals.map(\.steps) == expected)
        #expect(judged.intervals.map(\.interval) == Array(1...expected.count))
        #expect(judged.intervals.map(\.epoch) == expected.map { steps in (byEpoch.firstIndex { steps <= $0.steps } ?? 9) + 1 })
        #expect(judged.intervals.map(\.stage) == expected.map { $0 <= main ? .main : .fineTuning })
        #expect(judged.outcome.epochs == 5 && judged.outcome.fineTuningEpoch == 4)
    }

    /// 300 tokens of a stream are 25 windows of 12 steps.
    @Test func asManyStepsAsAnEpochHasAreAnEpoch() throws {
        for ntASGD in [true, false] {
            var schedule = rough
            schedule.ntASGD = ntASGD
            let byEpoch = try run(schedule, every: 0, isVariable: false)
            let judged = try run(schedule, every: 25, isVariable: false)
            #expect(byEpoch.outcome.triggerInterval != nil)
            #expect(judged.outcome == byEpoch.outcome && judged.intervals == byEpoch.intervals)
        }
    }

    @Test func criterionAveragesAndBestWeightsHangOnIntervals() throws {
        let run = try run(rough, every: 7)
        let main = run.intervals.filter { $0.stage == .main }
        var trigger = NonMonotonicTrigger(interval: 0)
        let fired = try #require(main.firstIndex { trigger.record(log($0.validationRawPerplexity ?? .nan)) }) + 1
        #expect(run.outcome.triggerInterval == fired)
        #expect(main.allSatisfy { ($0.optimizer == .asgd) == ($0.interval > fired) })
        #expect(main[fired - 1].steps == 7 * fired, "within an epoch")

        let fineTuning = run.intervals.filter { $0.stage == .fineTuning }
        var second = NonMonotonicTrigger(interval: 0)
        let ended = fineTuning.map { second.record(log($0.validationAveragedPerplexity ?? .nan)) }
        #expect(ended.dropLast().allSatisfy { !$0 } && ended.last == true)
        #expect(run.outcome.epochs == run.intervals.last?.epoch)

        let losses = run.intervals.map { $0.validationAveragedPerplexity ?? $0.validationRawPerplexity ?? .nan }
        #expect(run.outcome.bestInterval == losses.firstIndex(of: try #require(losses.min())).map { $0 + 1 })
    }

    @Test func anIntervalFarWorseThanGuessingStopsTheRun() throws {
        var schedule = SmallText.schedule
        (schedule.learningRate, schedule.gradientClipping) = (300, 0)
        let byEpoch = try run(schedule, every: 0)
        let judged = try run(schedule, every: 3)
        #expect(byEpoch.outcome.status == .diverged && byEpoch.intervals.isEmpty)
        #expect(judged.outcome.status == .diverged && judged.outcome.epochs == 1)
    }
}
