import Corpus
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
            configuration.zoneout = cell == .qrnn ? 0.1 : 0
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

    /// The first pass over the validation text, and one in the middle of the run.
    @Test(arguments: [1, 2, 9])
    func aJudgementThatIsStoppedIsMadeAnew(windows: Int) throws {
        try withTemporaryFolder { directory in
            var configuration = SmallText.configuration
            configuration.cell = .gru
            func trainer() throws -> Trainer {
                try Trainer(model: configuration, schedule: SmallText.schedule, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
            }
            let whole = try trainer()
            let outcome = timeless(try whole.train())
            let best = try Data(contentsOf: directory.appendingPathComponent(Trainer.checkpointName))
            Trainer.removeStates(in: directory)
            let stopped = try trainer()
            var count = 0
            #expect(throws: TrainingStopped.self) {
                try stopped.train(shouldStopJudging: {
                    count += 1
                    return count == windows
                })
            }
            #expect(stopped.intervals.count < whole.intervals.count)
            let again = try trainer()
            try again.resume(from: directory.appendingPathComponent(Trainer.stateName))
            #expect(timeless(try again.train()) == outcome)
            #expect(again.intervals.map(timeless) == whole.intervals.map(timeless))
            #expect(try Data(contentsOf: directory.appendingPathComponent(Trainer.checkpointName)) == best)
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

    private func reason(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? CheckpointError)?.description }
    }

    @Test func `a refusal names what differs`() throws {
        try withTemporaryFolder { directory in
            func trainer(_ corpus: Corpus = SmallText.corpus(), _ change: (inout ModelConfiguration) -> Void = { _ in }) throws -> Trainer {
                var configuration = SmallText.configuration
                change(&configuration)
                return try Trainer(model: configuration, schedule: rough, corpus: corpus, seed: 3, threads: 1, directory: directory)
            }
            let file = directory.appendingPathComponent(Trainer.stateName)
            #expect(throws: TrainingStopped.self) { try trainer().train(shouldStop: { true }) }
            let here = SmallText.corpus()
            let renamed = Corpus(
                name: "small", vocabulary: Vocabulary(here.vocabulary.words.dropLast() + ["other"]), train: here.train, validation: here.validation,
                test: here.test)
            let cases: [(String, () throws -> Trainer)] = [
                ("cell lstm there, gru here", { try trainer { $0.cell = .gru } }), ("hidden-size 9 there, 10 here", { try trainer { $0.hiddenSize = 10 } }),
                ("embedding-size 6 there, 7 here", { try trainer { $0.embeddingSize = 7 } }), ("layers 2 there, 3 here", { try trainer { $0.layers = 3 } }),
                ("weight-tying true there, false here", { try trainer { $0.regularization.weightTying = false } }),
                ("another vocabulary: SHA-256 \(here.vocabulary.digest) there, \(renamed.vocabulary.digest) here", { try trainer(renamed) }),
                ("other text: SHA-256 \(here.digest) there", { try trainer(SmallText.corpus(train: 901)) }),
                ("other text: SHA-256 \(here.digest) there", { try trainer(SmallText.corpus(test: 212)) }),
            ]
            for (expected, make) in cases {
                let other = try make()
                let reason = reason { try other.resume(from: file) }
                #expect(reason?.contains(expected) == true, "\(expected): \(reason ?? "taken")")
            }
        }
    }

    /// What the first layer read last is carried on as the cell is.
    @Test func `the input before the window is in the checkpoint`() throws {
        try withTemporaryFolder { directory in
            var configuration = SmallText.configuration
            configuration.cell = .qrnn
            func trainer() throws -> Trainer {
                try Trainer(model: configuration, schedule: rough, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
            }
            let stopped = try trainer()
            #expect(throws: TrainingStopped.self) { try stopped.train(shouldStop: { true }) }
            let resumed = try trainer()
            try resumed.resume(from: directory.appendingPathComponent(Trainer.stateName))
            let inputs = try #require(resumed.state.epoch?.recurrent).map(\.input)
            #expect(inputs == stopped.state.epoch?.recurrent.map(\.input))
            #expect(inputs.map { $0?.count } == [4 * 6, nil] && inputs[0]?.contains { $0 != 0 } == true)
            let zero = resumed.model.zeroState(batchSize: 4)
            #expect(zero[0].input == Array(repeating: 0, count: 24), "none before the first word of an epoch")
            // A state without it is one of another shape.
            var snapshot = TrainingState.Snapshot(
                state: resumed.state, optimizer: .init(learningRate: 1), bestLoss: 1, streams: [])
            #expect(snapshot.fault(schedule: rough, zero: zero) == nil)
            snapshot.state.epoch?.recurrent[0].input = nil
            #expect(snapshot.fault(schedule: rough, zero: zero) == "a recurrent state of another shape")
        }
    }

    /// A file of the older format, whose header no checksum covers, with another number in it.
    @Test(arguments: [
        (#""epochs":1"#, #""epochs":-1"#), (#""epochs":1"#, #""epochs":9223372036854775807"#), (#""epochs":1"#, #""epochs":13"#),
        (#""position":"#, #""position":-"#), (#""position":"#, #""position":92233720368547758"#), (#""counter":"#, #""counter":1844674407370955161"#),
        (#""trigger":{"history":[],"interval":0"#, #""trigger":{"history":[],"interval":-5"#),
        // Three values more.
        (#""hidden":""#, #""hidden":"AAAAAAAAAAAAAAAA"#), (#""cell":""#, #""cell":"AAAAAAAAAAAAAAAA"#),
        (#""steps":1"#, #""steps":9223372036854775807"#), (#""steps":1"#, #""steps":-1"#), (#""tokens":"#, #""tokens":-"#),
        (#""bestLoss":"#, #""averagedSteps":-1,"bestLoss":"#),
    ])
    func `a state in which no run can be is refused`(change: (from: String, to: String)) throws {
        try withTemporaryFolder { directory in
            func trainer() throws -> Trainer {
                try Trainer(model: SmallText.configuration, schedule: rough, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
            }
            #expect(throws: TrainingStopped.self) { try trainer().train(shouldStop: { true }) }
            let file = try Data(contentsOf: directory.appendingPathComponent(Trainer.stateName))
            let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            let header = String(decoding: file.dropFirst(8).prefix(length), as: UTF8.self)
                .replacing(/"header-sha256":"[0-9a-f]{64}",/, with: "").replacing(#""format":"3""#, with: #""format":"2""#)
            let (from, to) = (change.from.replacing("\"", with: "\\\""), change.to.replacing("\"", with: "\\\""))
            func bytes(_ header: String) -> Data {
                withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8) + file.dropFirst(8 + length)
            }
            try trainer().resume(bytes(header))
            if change.from != #""bestLoss":"# {
                try #require(header.contains(from), "\(header)")
                #expect(reason { try trainer().resume(bytes(header.replacing(from, with: to))) }?.isEmpty == false)
            } else {
                let other = header.replacing(#"\"optimizer\":{"#, with: #"\"optimizer\":{\"averagedSteps\":-1,"#)
                try #require(other != header)
                #expect(reason { try trainer().resume(bytes(other)) }?.contains("-1 averaged steps") == true)
            }
        }
    }
}
