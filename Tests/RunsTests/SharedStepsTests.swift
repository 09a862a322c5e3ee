import Configurations
import LanguageModel
import ProjectFolders
import Testing

@testable import Runs

/// Which run starts from which. The full model has 10 epochs, 2 of fine-tuning, and n = 1.
@Suite struct SharedStepsTests {
    private func runs(_ rows: [String], seeds: Int = 1) throws -> [PlannedRun] {
        let full = try projectFiles().configuration(dataset: "synthetic", cell: .lstm, profile: "smoke")
        return PlannedRun.all(full: [full], rows: try rows.map { try Row(definition: $0) }, seeds: seeds)
    }

    /// - Parameters:
    ///   - begun: runs that have a checkpoint of their own or a result.
    ///   - gone: moments that went by in runs without a fork, by name of the run.
    private func starts(_ rows: [String], seeds: Int = 1, begun: [String] = [], gone: [String: [String]] = [:]) throws -> [String: String] {
        let candidates = try runs(rows, seeds: seeds).map { run in
            SharedSteps.Candidate(run: run, isNew: !begun.contains(run.name)) { gone[run.name]?.contains($0.name) != true }
        }
        return SharedSteps(candidates).starts.mapValues { "\($0.origin) \($0.moment.name)" }
    }

    @Test func rowsThatPartLateStartFromTheFullModel() throws {
        #expect(try starts(["full", "fine-tuning", "nt-asgd", "weight-decay", "fine-tuning+weight-decay"]) == [
            "lstm-fine-tuning-seed1": "lstm-full-seed1 epoch-10", "lstm-nt-asgd-seed1": "lstm-full-seed1 criterion-epoch-10",
            "lstm-fine-tuning+weight-decay-seed1": "lstm-weight-decay-seed1 epoch-10",
        ])
    }

    @Test func rowsFromAFileShareStepsToo() throws {
        #expect(try starts(["full", "a:fine-tuning=false", "b:nt-asgd=false", "c:weight-dropping=0.1", "d:weight-dropping=0.1,fine-tuning=false"]) == [
            "lstm-a-seed1": "lstm-full-seed1 epoch-10", "lstm-b-seed1": "lstm-full-seed1 criterion-epoch-10", "lstm-d-seed1": "lstm-c-seed1 epoch-10",
        ])
    }

    @Test func everySeedStartsFromItsOwn() throws {
        #expect(try starts(["full", "fine-tuning"], seeds: 2) == [
            "lstm-fine-tuning-seed1": "lstm-full-seed1 epoch-10", "lstm-fine-tuning-seed2": "lstm-full-seed2 epoch-10",
        ])
    }

    @Test func ofAllRunsThatWithTheLongestWayTogetherIsTheOrigin() throws {
        #expect(try starts(["full", "nt-asgd", "fine-tuning+nt-asgd"])["lstm-fine-tuning+nt-asgd-seed1"] == "lstm-nt-asgd-seed1 epoch-10")
        #expect(try starts(["full", "epochs=5", "epochs=7", "epochs=30"]) == [
            "lstm-epochs=5-seed1": "lstm-full-seed1 epoch-5", "lstm-epochs=7-seed1": "lstm-full-seed1 epoch-7",
            "lstm-epochs=30-seed1": "lstm-full-seed1 epoch-10",
        ])
        #expect(try starts(["epochs=5", "epochs=7", "epochs=30"]) == [
            "lstm-epochs=7-seed1": "lstm-epochs=5-seed1 epoch-5", "lstm-epochs=30-seed1": "lstm-epochs=7-seed1 epoch-7",
        ])
    }

    @Test func aRunThatHasBegunStartsFromNoOtherButOthersFromIt() throws {
        #expect(try starts(["full", "fine-tuning"], begun: ["lstm-fine-tuning-seed1"]) == ["lstm-full-seed1": "lstm-fine-tuning-seed1 epoch-10"])
        #expect(try starts(["full", "fine-tuning"], begun: ["lstm-full-seed1"]) == ["lstm-fine-tuning-seed1": "lstm-full-seed1 epoch-10"])
    }

    @Test func whereTheMomentIsGoneARunStartsFromAnotherOrAlone() throws {
        #expect(try starts(["full", "fine-tuning"], begun: ["lstm-full-seed1"], gone: ["lstm-full-seed1": ["epoch-10"]]).isEmpty)
        #expect(try starts(
            ["full", "fine-tuning", "nt-asgd"], begun: ["lstm-full-seed1"], gone: ["lstm-full-seed1": ["criterion-epoch-10"]]) == [
                "lstm-fine-tuning-seed1": "lstm-full-seed1 epoch-10", "lstm-nt-asgd-seed1": "lstm-fine-tuning-seed1 criterion-epoch-10",
            ])
    }

    @Test func theEpochsOfAMomentAreBounded() throws {
        let schedule = try runs(["full"])[0].configuration.schedule
        #expect(TrainingMoment(epoch: 10).epochs(schedule: schedule) == 10...10)
        #expect(TrainingMoment(isCriterion: true, epoch: 10).epochs(schedule: schedule) == 3...10)
        #expect(TrainingMoment(isCriterion: true, epoch: 2).epochs(schedule: schedule) == 2...2)
        #expect(TrainingMoment.end.epochs(schedule: schedule) == 12...12)
    }

    @Test func theQueueLetsRunsPassThatNeedNotWait() async throws {
        let runs = try runs(["full", "fine-tuning", "nt-asgd", "weight-decay"])
        let shared = SharedSteps(runs.map { SharedSteps.Candidate(run: $0, isNew: true) { _ in true } })
        let queue = RunQueue(runs, shared: shared, settled: [], stop: StopRequest())
        #expect(await queue.next()?.row.name == "full")
        #expect(await queue.next()?.row.name == "weight-decay")
        async let next = queue.next()
        await queue.settle(runs[0], "criterion-epoch-10")
        #expect(await next?.row.name == "nt-asgd")
        async let last = queue.next()
        await queue.end(runs[3])
        await queue.end(runs[0])
        #expect(await last?.row.name == "fine-tuning", "alone, where the moment did not come")
        #expect(await queue.next() == nil)
    }
}
