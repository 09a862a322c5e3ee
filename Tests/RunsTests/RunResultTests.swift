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

    @Test func theBestEpochsPerplexitiesAreTakenOver() {
        let epochs = (1...3).map { epoch in
            EpochMetrics(
                epoch: epoch, stage: .main, optimizer: .asgd, learningRate: 1 / Double(epoch), trainPerplexity: 9, validationRawPerplexity: 10 + Double(epoch),
                validationAveragedPerplexity: epoch == 1 ? nil : 5 + Double(epoch), gradientNorm: 1, clipped: 0, tokensPerSecond: 1, seconds: 1)
        }
        var (outcome, result) = (TrainingOutcome(), RunResult())
        outcome.bestEpoch = 2
        result.record(outcome, epochs: epochs)
        #expect(result.validationRawPerplexity == 12 && result.validationAveragedPerplexity == 7)
        #expect(result.learningRate == 1 && result.lastLearningRate == 1 / 3)
        outcome.bestEpoch = nil
        result.record(outcome, epochs: [])
        #expect(result.validationRawPerplexity == nil && result.validationAveragedPerplexity == nil)
        #expect(result.learningRate == nil && result.lastLearningRate == nil)
    }
}
