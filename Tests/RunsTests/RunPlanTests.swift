import Configurations
import Corpus
import Documents
import LanguageModel
import ProjectFolders
import Tables
import Testing

@testable import Runs

@Suite struct RunPlanTests {
    private let library = DatasetLibrary()

    private func corpus() throws -> Corpus { try library.load(.synthetic, trainingTokens: 30_000) }

    private func plan(_ assignments: [String] = [], folder: String = "/nowhere", sharing: Bool = false) throws -> RunPlan {
        let files = try projectFiles()
        let full = try [.lstm, .gru].map {
            try files.configuration(dataset: "synthetic", cell: $0, profile: "smoke", assignments: assignments)
        }
        let runs = PlannedRun.all(full: full, rows: [.full, Row([.fineTuning])], seeds: 2)
        return try RunPlan(runs, library: library, store: RunStore(folder: folder), jobs: 2, sharing: sharing)
    }

    @Test func everyCellRowAndSeedIsARun() throws {
        #expect(try plan().runs.map(\.name) == [
            "lstm-full-seed1", "lstm-full-seed2", "lstm-fine-tuning-seed1", "lstm-fine-tuning-seed2", "gru-full-seed1",
            "gru-full-seed2", "gru-fine-tuning-seed1", "gru-fine-tuning-seed2",
        ])
        #expect(try plan().runs.map(\.configuration.seed) == [1, 2, 1, 2, 1, 2, 1, 2])
        #expect(try plan().runs.map(\.configuration.schedule.fineTuning) == [true, true, false, false, true, true, false, false])
    }

    @Test func seedsFollowTheFirst() throws {
        var full = try projectFiles().configuration(dataset: "synthetic", cell: .gru, profile: "smoke")
        full.seed = 11
        #expect(PlannedRun.all(full: [full], rows: [.full], seeds: 3).map(\.name) == ["gru-full-seed11", "gru-full-seed12", "gru-full-seed13"])
    }

    /// Alone, one after another as in the table; side by side the full models first, then those that take longest, wherever they stand.
    @Test func theLongestStartFirstWhereSomeRunSideBySide() throws {
        let files = try projectFiles()
        let full = try [.lstm, .gru].map { try files.configuration(dataset: "synthetic", cell: $0, profile: "smoke") }
        let rows = [.full, Row([.fineTuning]), Row([.arTAR]), Row([.independentSizes])]
        func pending(jobs: Int) throws -> [String] {
            let runs = PlannedRun.all(full: full, rows: rows, seeds: 1)
            return try RunPlan(runs, library: library, store: RunStore(folder: "/nowhere"), jobs: jobs).pending.map { "\($0.configuration.cell) \($0.row)" }
        }
        let table = ["lstm full", "lstm fine-tuning", "lstm ar-tar", "lstm independent-sizes", "gru full", "gru fine-tuning", "gru ar-tar", "gru independent-sizes"]
        #expect(try pending(jobs: 1) == table)
        let sideBySide = [
            "lstm full", "gru full", "lstm independent-sizes", "gru independent-sizes", "lstm ar-tar", "gru ar-tar", "lstm fine-tuning",
            "gru fine-tuning",
        ]
        #expect(try pending(jobs: 2) == sideBySide)
        #expect(try pending(jobs: .max) == sideBySide)
    }

    @Test func theCostCountsTokensOfBothStages() throws {
        let plan = try plan(["epochs=5", "fine-tuning-epochs=2"])
        let tokens = Double(try corpus().train.count)
        // Per cell and seed: the full model 7 epochs, without fine-tuning 5.
        #expect(plan.trainingTokens == 4 * 12 * tokens)
        let run = plan.pending[0].configuration
        let perToken = run.model.floatingPointOperationsPerToken(vocabularySize: 200)
        let evaluated = 7 * Double(run.schedule.validationTokens) + Double(try corpus().validation.count + corpus().test.count)
        #expect(RunCost(run, corpus: try corpus()).floatingPointOperations == (7 * tokens + evaluated / 3) * perToken)
    }

    @Test func stepsThatAreSharedCostNothing() throws {
        let assignments = ["epochs=5", "fine-tuning-epochs=2"]
        let plan = try plan(assignments, sharing: true)
        #expect(plan.trainingTokens == 4 * 7 * Double(try corpus().train.count))
        #expect(plan.shared.starts.count == 4)
        let text = plan.text(seconds: plan.seconds(rates: [1000, 1000]), memory: plan.memory())
        #expect(text.contains("lstm-fine-tuning-seed2  ") && text.contains("starts from lstm-full-seed2 after epoch 5\n"), "\(text)")
        // 20 epochs of 48, and the judgements after them, but not the last figures of each run.
        #expect(text.contains("4 of 8 runs start from another, which saves 4") && text.contains(" % of the operations\n"), "\(text)")
        let alone = try self.plan(assignments)
        #expect(alone.text(seconds: alone.seconds(rates: [1000, 1000]), memory: alone.memory()).contains("shared steps               none\n"))
    }

    @Test(arguments: [true, false])
    func theCostCountsAJudgementAnInterval(isVariable: Bool) throws {
        let assignments = ["epochs=5", "fine-tuning-epochs=2", "logging-interval=10", "variable-length-bptt=\(isVariable)"]
        let run = try plan(assignments).pending[0].configuration
        let (corpus, schedule) = (try corpus(), run.schedule)
        let tokens = Double(corpus.train.count)
        // Of a window's length, 19 times in 20, or of half of it.
        let meanLength = Double(schedule.windowLength) * (isVariable ? 0.975 : 1)
        let judgements = 7 * Double(corpus.train.count / schedule.batchSize) / meanLength / 10
        let evaluated = judgements * Double(schedule.validationTokens) + Double(corpus.validation.count + corpus.test.count)
        let expected = (7 * tokens + evaluated / 3) * run.model.floatingPointOperationsPerToken(vocabularySize: 200)
        #expect(abs(RunCost(run, corpus: corpus).floatingPointOperations / expected - 1) < 1e-12)
    }

    @Test func theProbesSpeedIsScaledToEachRow() throws {
        let plan = try plan()
        #expect(plan.probes.map(\.name) == ["lstm-full-seed1", "gru-full-seed1"])
        let slow = plan.seconds(rates: [1000, 1000])
        let fast = plan.seconds(rates: [2000, 1000])
        #expect(slow.count == 8)
        for (index, run) in plan.pending.enumerated() {
            #expect(abs(slow[index] / fast[index] - (run.configuration.cell == .lstm ? 2 : 1)) < 1e-9)
        }
        let places = ["lstm-full-seed1", "lstm-fine-tuning-seed1"].compactMap { name in plan.pending.firstIndex { $0.name == name } }
        #expect(places.count == 2 && slow[places[1]] < slow[places[0]])
    }

    @Test func shortTablesAreProbedForAMomentOnly() throws {
        #expect(try plan().probeSeconds == 0.1)
        #expect(try plan(["hidden-size=2000", "epochs=500"]).probeSeconds == 1)
        let plan = try plan(["hidden-size=100"])
        #expect(abs(plan.probeSeconds / (plan.floatingPointOperations / 2e12) - 1) < 1e-12, "two side by side, at 10 GFLOP/s")
    }

    @Test func processesTakeTheNextRunWhenTheyAreFree() {
        #expect(RunCost.makespan([3, 1, 1, 4], jobs: 2) == 6)
        #expect(RunCost.makespan([3, 1, 1, 4], jobs: 1) == 9)
        #expect(RunCost.makespan([], jobs: 3) == 0)
    }

    @Test(arguments: ["batch-size=20000", "validation-batch-size=9000", "test-batch-size=9000", "window-length=90000"])
    func tooFewTokensAreRefused(assignment: String) {
        #expect(throws: InputError.self) { try plan([assignment]) }
    }

    @Test(arguments: [(0.2, "1 s"), (89, "89 s"), (90, "2 min"), (3601, "60 min"), (5400, "1 h 30 min"), (180_000, "2 days 2 h"), (.infinity, "a long time")])
    func timesInWords(seconds: Double, text: String) {
        #expect(RunPlan.text(seconds: seconds) == text)
    }

    @Test func `the disk has room for the states that others start from`() throws {
        let (alone, shared) = (try plan(), try plan(sharing: true))
        // Of each of four full models the row without fine-tuning takes over raw, best and averaged weights.
        let states = shared.runs.filter { $0.row == .full }.map { 12 * $0.configuration.model.parameterCount(vocabularySize: 200) }
        #expect(states.count == 4 && shared.diskNeed == alone.diskNeed + states.reduce(0, +))
    }
}
