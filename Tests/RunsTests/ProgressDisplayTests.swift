import Configurations
import Corpus
import Documents
import LanguageModel
import ProjectFolders
import Tables
import Testing

@testable import Runs

@Suite struct ProgressDisplayTests {
    /// What is written while the first of two runs of equal length gets half-way and ends.
    private func written(_ style: ProgressDisplay.Style, width: Int?, settings: [String] = []) throws -> String {
        let full = try projectFiles().configuration(dataset: "synthetic", cell: .lstm, profile: "smoke", assignments: settings)
        let plan = try RunPlan(
            PlannedRun.all(full: [full], rows: [.full], seeds: 2), library: DatasetLibrary(),
            store: RunStore(folder: "/nowhere"), jobs: 1)
        var text = ""
        var display = ProgressDisplay(plan: plan, seconds: [600, 600], style: style, width: width) { text += $0 }
        display.show(plan.pending[0], .started)
        display.show(plan.pending[0], .progress(TrainingProgress(
            stage: .main, epoch: 3, epochs: 4, fraction: 0, tokensPerSecond: 1234, trainPerplexity: 50, validationPerplexity: 40)))
        display.show(plan.pending[0], .interval(IntervalMetrics(
            interval: 12, epoch: 3, steps: 60, stage: .main, optimizer: .sgd, learningRate: 1, trainPerplexity: 50, validationRawPerplexity: 45,
            validationAveragedPerplexity: 44, gradientNorm: 1, clipped: 0, tokensPerSecond: 1234, seconds: 1)))
        var result = RunResult()
        (result.status, result.validationPerplexity, result.testPerplexity) = (.ok, 44, 46)
        display.show(plan.pending[0], .finished(result))
        display.show(plan.pending[1], .failed("exit code 1"))
        display.clear()
        return text
    }

    @Test func aFileGetsALineAnEpochAndNothingElse() throws {
        #expect(try written(.lines, width: nil) == """
            lstm-full-seed1: epoch 3 (main), 1234 tokens/s, train 50.0, validation 45.0, averaged 44.0, 0 of 2 runs done, 20 min left
            lstm-full-seed1: done, validation 44.0, test 46.0, 1 of 2 runs done, 20 min left
            lstm-full-seed2: failed, exit code 1

            """)
    }

    /// Seven runs of ten minutes, two at a time, and then one of fifty.
    @Test func theTimeLeftGoesByTheOrderInWhichRunsStart() throws {
        let full = try projectFiles().configuration(dataset: "synthetic", cell: .lstm, profile: "smoke")
        let plan = try RunPlan(
            PlannedRun.all(full: [full], rows: [.full], seeds: 8), library: DatasetLibrary(), store: RunStore(folder: "/nowhere"), jobs: 2)
        var text = ""
        var display = ProgressDisplay(
            plan: plan, seconds: Array(repeating: 600, count: 7) + [3000], style: .drawnOver, width: 300) { text += $0 }
        display.show(plan.pending[0], .started)
        #expect(text.contains("0 of 8 runs done, 80 min left"), "\(text)")
    }

    @Test func aFileGetsALineAnIntervalWhereEpochsAreNotJudged() throws {
        let text = try written(.lines, width: nil, settings: ["logging-interval=5"])
        #expect(text.hasPrefix("lstm-full-seed1: interval 12, epoch 3 (main), 1234 tokens/s, train 50.0, validation 45.0, averaged 44.0, 0 of 2"))
    }

    @Test func aTerminalGetsALineThatIsDrawnOver() throws {
        let text = try written(.drawnOver, width: 300)
        #expect(text.contains("[#####...............] 0 of 2 runs done, 20 min left | lstm-full-seed1 3/4 1234 tokens/s ppl 40.0"))
        #expect(text.contains("\r\u{1B}[Klstm-full-seed1: done"))
        #expect(text.hasSuffix("\r\u{1B}[K"))
        #expect(!text.contains("epoch 3"))
    }

    @Test func aNarrowTerminalGetsWholeLines() throws {
        let text = try written(.drawnOver, width: 40)
        #expect(text.contains("\r\u{1B}[K0/2 done, 20 min left | full-seed1 3/4\r\u{1B}[K"), "\(text.debugDescription)")
        #expect(text.contains("\r\u{1B}[Klstm-full-seed1: done, validation 44.0,\n  test 46.0, 1 of 2 runs done, 20 min\n  left\n"))
        let lines = try written(.lines, width: 40).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 40 } && lines[0] == "lstm-full-seed1: epoch 3 (main), 1234")
    }

    @Test func quietShowsOnlyWhatFailed() throws {
        #expect(try written(.failures, width: nil) == "lstm-full-seed2: failed, exit code 1\n")
    }
}
