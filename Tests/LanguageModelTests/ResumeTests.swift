import Foundation
@testable import LanguageModel
import Recurrent
import Testing

/// A run stopped again and again, each time continued by a new trainer, against one that was never stopped.
@Suite struct ResumeTests {
    /// A schedule in which the criterion fires in both stages.
    private var rough: TrainingSchedule { SmallText.roughSchedule(epochs: 12, fineTuningEpochs: 6) }

    private struct Run {
        var outcome: TrainingOutcome
        var intervals: [IntervalMetrics]
        var best: Data
        /// Where it was stopped.
        var stops: [TrainingState] = []
    }

    /// - Parameter windows: how many windows each trainer is given; nil for no end.
    private func run(_ cell: CellKind, _ schedule: TrainingSchedule, stopAfter windows: Int?) throws -> Run {
        try withTemporaryFolder { directory in
            var configuration = SmallText.configuration
            configuration.cell = cell
            var stops: [TrainingState] = []
            while true {
                let trainer = try Trainer(
                    model: configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
                let file = directory.appendingPathComponent(Trainer.stateName)
                if !stops.isEmpty { try trainer.resume(from: file) }
                var count = 0
                do {
                    let outcome = try trainer.train(shouldStop: {
                        count += 1
                        return count == windows
                    })
                    return Run(
                        outcome: timeless(outcome), intervals: trainer.intervals.map(timeless),
                        best: try Data(contentsOf: directory.appendingPathComponent(Trainer.checkpointName)), stops: stops)
                } catch is TrainingStopped {
                    stops.append(trainer.state)
                    try #require(stops.count < 1_000, "training does not come to an end")
                }
            }
        }
    }

    private func timeless(_ outcome: TrainingOutcome) -> TrainingOutcome {
        var outcome = outcome
        (outcome.seconds, outcome.tokensPerSecond) = (0, 0)
        return outcome
    }

    private func timeless(_ interval: IntervalMetrics) -> IntervalMetrics {
        var interval = interval
        (interval.seconds, interval.tokensPerSecond) = (0, 0)
        return interval
    }

    /// An epoch has about 25 steps: intervals are an epoch, a part of one, or reach into the next.
    @Test(arguments: CellKind.allCases, [(true, 0), (false, 0), (true, 7), (false, 7), (true, 31)])
    func `a run stopped anywhere ends as if it had not been`(cell: CellKind, setting: (ntASGD: Bool, loggingInterval: Int)) throws {
        var schedule = rough
        schedule.ntASGD = setting.ntASGD
        schedule.loggingInterval = setting.loggingInterval
        let whole = try run(cell, schedule, stopAfter: nil)
        let stopped = try run(cell, schedule, stopAfter: 3)
        #expect(stopped.outcome == whole.outcome)
        #expect(stopped.intervals == whole.intervals)
        #expect(stopped.best == whole.best, "the weights of the best checkpoint, to the last bit")

        let trigger = try #require(whole.outcome.triggerInterval)
        let fineTuning = try #require(whole.outcome.fineTuningEpoch)
        #expect(stopped.stops.contains { $0.intervals.count < trigger })
        #expect(stopped.stops.contains { $0.intervals.count >= trigger && $0.outcome.epochs < fineTuning })
        #expect(stopped.stops.contains { $0.outcome.epochs >= fineTuning })
        #expect(stopped.stops.contains { $0.interval.steps > 0 && !$0.intervals.isEmpty }, "within an interval")
        let reachesOn = stopped.stops.contains { stop in
            // Begun in an earlier epoch than that of the last window.
            stop.interval.steps > 0 && stop.intervals.last.map { $0.epoch + 1 == stop.outcome.epochs } ?? false
        }
        #expect(reachesOn, "across epochs")
    }

    /// What is left of a run that was killed: the checkpoint before the window at which it was.
    @Test func `a checkpoint within an epoch is enough`() throws {
        try withTemporaryFolder { directory in
            func trainer() throws -> Trainer {
                try Trainer(
                    model: SmallText.configuration, schedule: rough, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
            }
            let (file, left) = (directory.appendingPathComponent(Trainer.stateName), directory.appendingPathComponent("left"))
            let whole = try trainer()
            whole.checkpointInterval = 0
            var windows = 0
            let outcome = try whole.train(shouldStop: {
                windows += 1
                if windows == 8 { try? FileManager.default.copyItem(at: file, to: left) }
                return false
            })
            let killed = try trainer()
            try killed.resume(from: left)
            #expect((killed.state.epoch?.position ?? 0) > 0)
            #expect(try timeless(killed.train()) == timeless(outcome))
            #expect(killed.intervals.map(timeless) == whole.intervals.map(timeless))
        }
    }

    @Test func `a checkpoint of other text or of another model is refused`() throws {
        try withTemporaryFolder { directory in
            func trainer(train: Int = 900, hiddenSize: Int = SmallText.configuration.hiddenSize) throws -> Trainer {
                var configuration = SmallText.configuration
                configuration.hiddenSize = hiddenSize
                return try Trainer(
                    model: configuration, schedule: rough, corpus: SmallText.corpus(train: train), seed: 3, threads: 1, directory: directory)
            }
            let file = directory.appendingPathComponent(Trainer.stateName)
            #expect(throws: TrainingStopped.self) { try trainer().train(shouldStop: { true }) }
            #expect(throws: CheckpointError.self) { try trainer(train: 901).resume(from: file) }
            #expect(throws: CheckpointError.self) { try trainer(hiddenSize: SmallText.configuration.hiddenSize + 1).resume(from: file) }
            try trainer().resume(from: file)

            var bytes = try Data(contentsOf: file)
            bytes[bytes.count - 3] ^= 1
            try bytes.write(to: file)
            #expect(throws: CheckpointError.self) { try trainer().resume(from: file) }
        }
    }
}
