import Configurations
import LanguageModel
import ProjectFolders
@testable import Tables
import Testing

@testable import Runs

@Suite struct RunResultTests {
    @Test func theDigestIsOfTheFullModelWhateverTheSeed() throws {
        let full = try projectFiles().configuration(dataset: "synthetic", cell: .lstm, profile: "smoke")
        let runs = PlannedRun.all(full: [full], rows: [.full, Row([.ar])], seeds: 2)
        #expect(Set(runs.map(\.full.digestBesidesSeed)).count == 1)
        var other = full
        other.schedule.epochs += 1
        #expect(other.digestBesidesSeed != full.digestBesidesSeed)
    }

    @Test func theBestIntervalsPerplexitiesAndEpochsAreTakenOver() {
        let intervals = (1...3).map { interval in
            IntervalMetrics(
                interval: interval, epoch: 4 + interval, steps: 9 * interval, stage: .main, optimizer: .asgd, learningRate: 1 / Double(interval), trainPerplexity: 9,
                validationRawPerplexity: 10 + Double(interval), validationAveragedPerplexity: interval == 1 ? nil : 5 + Double(interval),
                gradientNorm: 1, clipped: 0, tokensPerSecond: 1, seconds: 1)
        }
        var (outcome, result) = (TrainingOutcome(), RunResult())
        (outcome.triggerInterval, outcome.bestInterval) = (1, 2)
        result.record(outcome, intervals: intervals)
        #expect(result.validationRawPerplexity == 12 && result.validationAveragedPerplexity == 7)
        #expect(result.learningRate == 1 && result.lastLearningRate == 1 / 3)
        #expect(result.triggerEpoch == 5 && result.bestEpoch == 6)
        (outcome.triggerInterval, outcome.bestInterval) = (nil, nil)
        result.record(outcome, intervals: [])
        #expect(result.triggerEpoch == nil && result.bestEpoch == nil)
        #expect(result.validationRawPerplexity == nil && result.validationAveragedPerplexity == nil)
        #expect(result.learningRate == nil && result.lastLearningRate == nil)
    }
}
