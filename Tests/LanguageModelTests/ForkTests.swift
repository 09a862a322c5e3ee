import Foundation
@testable import LanguageModel
import Recurrent
import Testing

/// Runs that start from another's state, against the same runs from their first step.
@Suite struct ForkTests {
    /// What the branch has otherwise, and the moment until which that has no effect.
    struct Branch: Sendable, CustomStringConvertible {
        let description: String
        let moment: @Sendable (TrainingSchedule) -> TrainingMoment
        let change: @Sendable (inout TrainingSchedule) -> Void
    }

    static let branches = [
        Branch(description: "nt-asgd", moment: { TrainingMoment(isCriterion: true, epoch: $0.epochs) }, change: { $0.ntASGD.toggle() }),
        Branch(description: "n", moment: { TrainingMoment(isCriterion: true, epoch: $0.epochs) }, change: { $0.nonMonotonicInterval += 1 }),
        Branch(description: "fine-tuning", moment: { TrainingMoment(epoch: $0.epochs) }, change: { $0.fineTuning = false }),
        Branch(
            description: "fine-tuning-epochs", moment: { TrainingMoment(epoch: $0.epochs + 1, isJudged: $0.loggingInterval == 0) },
            change: { $0.fineTuningEpochs = 1 }),
        // Its moment does not come: the criterion ends both before.
        Branch(
            description: "more fine-tuning-epochs", moment: { TrainingMoment(epoch: $0.largestEpochs, isJudged: $0.loggingInterval == 0) },
            change: { $0.fineTuningEpochs += 9 }),
        Branch(
            description: "epochs", moment: { TrainingMoment(epoch: 5, isJudged: $0.loggingInterval == 0) }, change: { $0.epochs = 5 }),
        Branch(
            description: "more epochs", moment: { TrainingMoment(epoch: $0.epochs, isJudged: $0.loggingInterval == 0) },
            change: { $0.epochs += 3 }),
        Branch(description: "test-batch-size", moment: { _ in .end }, change: { $0.testBatchSize = 2 }),
    ]

    private func schedule(ntASGD: Bool, loggingInterval: Int) -> TrainingSchedule {
        var schedule = SmallText.roughSchedule(epochs: 9, fineTuningEpochs: 6)
        (schedule.ntASGD, schedule.loggingInterval) = (ntASGD, loggingInterval)
        return schedule
    }

    private func trainer(_ cell: CellKind, _ schedule: TrainingSchedule, in directory: URL) throws -> Trainer {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var configuration = SmallText.configuration
        configuration.cell = cell
        return try Trainer(model: configuration, schedule: schedule, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
    }

    private func expectSame(_ trainer: Trainer, _ directory: URL, as other: Trainer, _ folder: URL) throws {
        func outcome(_ trainer: Trainer) -> TrainingOutcome {
            var outcome = trainer.outcome
            (outcome.seconds, outcome.tokensPerSecond) = (0, 0)
            return outcome
        }
        func intervals(_ trainer: Trainer) -> [IntervalMetrics] {
            trainer.intervals.map { interval in
                var interval = interval
                (interval.seconds, interval.tokensPerSecond) = (0, 0)
                return interval
            }
        }
        #expect(outcome(trainer) == outcome(other))
        #expect(intervals(trainer) == intervals(other))
        let best = try [directory, folder].map { try Data(contentsOf: $0.appendingPathComponent(Trainer.checkpointName)) }
        #expect(best[0] == best[1], "the weights of the best checkpoint, to the last bit")
    }

    /// An epoch has about 25 steps.
    @Test(arguments: branches, [(CellKind.lstm, true, 0), (.gru, false, 0), (.gru, true, 7), (.lstm, false, 31)])
    func aRunThatStartsFromAnotherEndsAsIfAlone(branch: Branch, setting: (cell: CellKind, ntASGD: Bool, loggingInterval: Int)) throws {
        try withTemporaryFolder { folder in
            let schedule = schedule(ntASGD: setting.ntASGD, loggingInterval: setting.loggingInterval)
            let moment = branch.moment(schedule)
            let (originFolder, aloneFolder, branchFolder) = (
                folder.appendingPathComponent("origin"), folder.appendingPathComponent("alone"), folder.appendingPathComponent("branch")
            )
            // Stopped again and again, so that a fork may be written by any of its trainers.
            var written: [TrainingMoment] = []
            var origin: Trainer
            repeat {
                origin = try trainer(setting.cell, schedule, in: originFolder)
                let state = originFolder.appendingPathComponent(Trainer.stateName)
                if FileManager.default.fileExists(atPath: state.path) { try origin.resume(from: state) }
                #expect(origin.hasPassed(moment) == (!written.isEmpty && moment != .end))
                origin.forks = origin.hasPassed(moment) ? [] : [moment]
                origin.onFork = { written.append($0) }
                var windows = 0
                do {
                    _ = try origin.train(shouldStop: {
                        windows += 1
                        return windows == 24
                    })
                    break
                } catch is TrainingStopped {}
            } while true
            #expect(written == [moment])

            var changed = schedule
            branch.change(&changed)
            let alone = try trainer(setting.cell, changed, in: aloneFolder)
            _ = try alone.train()
            let forked = try trainer(setting.cell, changed, in: branchFolder)
            try forked.start(from: originFolder.appendingPathComponent(Trainer.forkName(moment)))
            #expect(forked.steps > 0 && !forked.hasPassed(moment))
            _ = try forked.train()
            try expectSame(forked, branchFolder, as: alone, aloneFolder)
            #expect(forked.intervals.count == alone.intervals.count)
        }
    }

    @Test func aRunThatIsStoppedRightAfterItsStartGoesOn() throws {
        try withTemporaryFolder { folder in
            let schedule = schedule(ntASGD: true, loggingInterval: 0)
            let moment = TrainingMoment(isCriterion: true, epoch: schedule.epochs)
            let origin = try trainer(.lstm, schedule, in: folder.appendingPathComponent("origin"))
            origin.forks = [moment]
            _ = try origin.train()
            var changed = schedule
            changed.ntASGD = false
            let (directory, aloneFolder) = (folder.appendingPathComponent("branch"), folder.appendingPathComponent("alone"))
            let started = try trainer(.lstm, changed, in: directory)
            try started.start(from: folder.appendingPathComponent("origin").appendingPathComponent(Trainer.forkName(moment)))
            let again = try trainer(.lstm, changed, in: directory)
            try again.resume(from: directory.appendingPathComponent(Trainer.stateName))
            _ = try again.train()
            let alone = try trainer(.lstm, changed, in: aloneFolder)
            _ = try alone.train()
            try expectSame(again, directory, as: alone, aloneFolder)
        }
    }

    @Test func aForkThatCannotBeWrittenDoesNoHarm() throws {
        try withTemporaryFolder { folder in
            let schedule = schedule(ntASGD: true, loggingInterval: 0)
            let (directory, aloneFolder) = (folder.appendingPathComponent("origin"), folder.appendingPathComponent("alone"))
            let origin = try trainer(.lstm, schedule, in: directory)
            origin.forks = [TrainingMoment(epoch: 2)]
            var written: [TrainingMoment] = []
            origin.onFork = { written.append($0) }
            // A folder stands where the file should.
            try FileManager.default.createDirectory(
                at: directory.appendingPathComponent(Trainer.forkName(TrainingMoment(epoch: 2)) + "/full"), withIntermediateDirectories: true)
            _ = try origin.train()
            #expect(written == [TrainingMoment(epoch: 2)], "those who wait are told")
            let alone = try trainer(.lstm, schedule, in: aloneFolder)
            _ = try alone.train()
            try expectSame(origin, directory, as: alone, aloneFolder)
        }
    }

    @Test(arguments: [
        (TrainingMoment(isCriterion: true, epoch: 12), "criterion-epoch-12"), (TrainingMoment(isCriterion: true), "criterion"),
        (TrainingMoment(epoch: 3, isJudged: false), "epoch-3-unjudged"), (TrainingMoment(epoch: 3), "epoch-3"), (TrainingMoment.end, "end"),
    ])
    func momentsHaveNames(moment: TrainingMoment, name: String) {
        #expect(moment.name == name && TrainingMoment(name: name) == moment)
        #expect(TrainingMoment(forkFile: URL(fileURLWithPath: "/runs/a/" + Trainer.forkName(moment))) == moment)
    }

    @Test(arguments: ["", "epoch", "epoch-0", "epoch-x", "criterion-", "epoch-3-judged", "unjudged", "end-epoch-3", "epoch-3-epoch-4", "epoch-03"])
    func otherNamesAreNone(name: String) {
        #expect(TrainingMoment(name: name) == nil)
    }

    @Test func ofTwoMomentsTheEarlierCounts() {
        let main = TrainingMoment(epoch: 10)
        #expect(main.or(.end) == main && TrainingMoment.end.or(main) == main && TrainingMoment.end.or(.end) == .end)
        #expect(main.or(TrainingMoment(isCriterion: true, epoch: 10)) == TrainingMoment(isCriterion: true, epoch: 10))
        #expect(main.or(TrainingMoment(epoch: 7, isJudged: false)) == TrainingMoment(epoch: 7, isJudged: false))
        #expect(main.or(TrainingMoment(epoch: 12, isJudged: false)) == main)
        #expect(main.or(TrainingMoment(epoch: 10, isJudged: false)) == TrainingMoment(epoch: 10, isJudged: false))
    }
}
