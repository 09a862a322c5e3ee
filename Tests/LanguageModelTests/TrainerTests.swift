import Documents
import Corpus
import Foundation
@testable import LanguageModel
import Optimizers
import Recurrent
import Regularizers
import Testing

@Suite struct TrainerTests {
    struct Run {
        var outcome: TrainingOutcome
        var epochs: [IntervalMetrics]
        var trainer: Trainer
    }

    private func run(
        _ configuration: ModelConfiguration = SmallText.configuration, _ schedule: TrainingSchedule = SmallText.schedule,
        corpus: Corpus = SmallText.corpus(), seed: UInt64 = 1, directory: URL? = nil
    ) throws -> Run {
        let trainer = try Trainer(
            model: configuration, schedule: schedule, corpus: corpus, seed: seed, threads: 1, directory: directory)
        var epochs: [IntervalMetrics] = []
        let outcome = try trainer.train(onInterval: { epochs.append($0) })
        return Run(outcome: outcome, epochs: epochs, trainer: trainer)
    }

    private var rough: TrainingSchedule { SmallText.roughSchedule(epochs: 20, fineTuningEpochs: 12) }

    @Test func theBlocksComeToThePerplexityOfTheValidationText() throws {
        let corpus = SmallText.corpus()
        let trainer = try Trainer(
            model: SmallText.configuration, schedule: SmallText.schedule, corpus: corpus, seed: 1, threads: 1, directory: nil)
        #expect(trainer.validationBlocks.isEmpty)
        let outcome = try trainer.train()
        let blocks = trainer.validationBlocks
        let (tokens, loss) = blocks.reduce((0, 0.0)) { ($0.0 + $1.tokens, $0.1 + $1.negativeLogLikelihood) }
        let streams = SmallText.schedule.validationBatchSize
        #expect(tokens == streams * (corpus.validation.count / streams - 1))
        #expect(abs(exp(loss / Double(tokens)) / (try #require(outcome.validationPerplexity)) - 1) < 1e-12)
    }

    @Test(arguments: CellKind.allCases) func trainingLearnsTheText(cell: CellKind) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.regularization = RegularizationStrengths()
        configuration.embeddingSize = 12
        configuration.hiddenSize = 16
        var schedule = SmallText.schedule
        schedule.learningRate = cell == .lstm ? 10 : 3
        schedule.gradientClipping = 0.5
        schedule.epochs = 15
        let run = try run(configuration, schedule, corpus: SmallText.corpus(train: 4_000))
        #expect(run.outcome.status == .ok)
        // Of 23 words; the source's own perplexity is 4.4.
        #expect(try #require(run.outcome.testPerplexity) < 7)
        #expect(run.epochs.map(\.epoch) == Array(1...run.epochs.count))
        #expect(run.outcome.epochs == run.epochs.count)
        #expect(run.outcome.parameters == configuration.parameterCount(vocabularySize: SmallText.vocabularySize))
    }

    @Test func aSeedRepeatsARunAndAnotherDoesNot() throws {
        func figures(_ run: Run) -> [Double] {
            run.epochs.flatMap { [$0.trainPerplexity, $0.validationRawPerplexity ?? 0, $0.validationAveragedPerplexity ?? 0] }
        }
        let first = figures(try run())
        #expect(try figures(run()) == first)
        #expect(try figures(run(seed: 2)) != first)
    }

    @Test func averagingStartsAfterTheEpochInWhichTheTriggerFires() throws {
        let run = try run(SmallText.configuration, rough)
        let main = run.epochs.filter { $0.stage == .main }
        var trigger = NonMonotonicTrigger(interval: 0)
        let fired = main.firstIndex { trigger.record(log($0.validationRawPerplexity ?? .nan)) }
        let epoch = try #require(fired) + 1
        #expect(run.outcome.triggerInterval == epoch)
        #expect(main.count == 20, "the main stage goes on after the trigger")
        for metrics in main {
            #expect(metrics.optimizer == (metrics.epoch <= epoch ? .sgd : .asgd))
            #expect((metrics.validationAveragedPerplexity == nil) == (metrics.epoch <= epoch))
            #expect(metrics.learningRate == 30)
        }
    }

    /// The mean is of all steps since the criterion fired, though it would fire again (Algorithm 1), and in fine-tuning of that stage's alone,
    /// whose criterion knows its own losses only.
    @Test(arguments: [true, false]) func theAverageBeginsOnceAStage(hasFineTuning: Bool) throws {
        var schedule = rough
        schedule.fineTuning = hasFineTuning
        let run = try run(SmallText.configuration, schedule)
        let main = run.epochs.filter { $0.stage == .main }
        let fired = try #require(run.outcome.triggerInterval)
        let averaged = main.dropFirst(fired).map { log($0.validationAveragedPerplexity ?? .nan) }
        #expect(averaged.indices.dropFirst().contains { averaged[$0] > averaged[..<$0].min() ?? .infinity }, "the criterion would fire again")
        let last = try #require(run.epochs.last)
        let before = hasFineTuning ? try #require(main.last) : main[fired - 1]
        #expect((run.trainer.optimizer as? AveragedSGD)?.steps == last.steps - before.steps)
        if hasFineTuning { #expect(run.trainer.state.trigger.history.count == run.epochs.count - main.count) }
    }

    /// Halving stops at the smallest rate, or does nothing where that is above the rate that training begins with.
    @Test(arguments: [(smallest: Float(0), last: 0.0), (10, 10), (50, 30)])
    func withoutNTASGDTheLearningRateIsHalvedAndNothingIsAveraged(smallest: Float, last: Double) throws {
        var schedule = rough
        schedule.ntASGD = false
        schedule.smallestLearningRate = smallest
        let run = try run(SmallText.configuration, schedule)
        var trigger = NonMonotonicTrigger(interval: 0)
        var learningRate = 30.0
        var halvings = 0
        for metrics in run.epochs {
            #expect(metrics.optimizer == .sgd && metrics.validationAveragedPerplexity == nil)
            #expect(metrics.learningRate == learningRate, "epoch \(metrics.epoch)")
            if metrics.stage == .main, trigger.record(log(metrics.validationRawPerplexity ?? .nan)) {
                learningRate = max(learningRate / 2, last)
                halvings += 1
                trigger.reset()
            }
        }
        #expect(halvings > 1)
    }

    @Test func fineTuningAveragesFromItsFirstStepAndStopsByTheCriterion() throws {
        let run = try run(SmallText.configuration, rough)
        let fineTuning = run.epochs.filter { $0.stage == .fineTuning }
        #expect(run.outcome.fineTuningEpoch == 21)
        #expect(fineTuning.first?.epoch == 21)
        #expect(fineTuning.allSatisfy { $0.optimizer == .asgd && $0.validationAveragedPerplexity != nil })
        var trigger = NonMonotonicTrigger(interval: 0)
        let fired = fineTuning.map { trigger.record(log($0.validationAveragedPerplexity ?? .nan)) }
        #expect(fired.dropLast().allSatisfy { !$0 })
        #expect(fired.last == true || fineTuning.count == 12)
    }

    /// Without anything drawn, fine-tuning after a worse last epoch is fine-tuning right after the best one.
    @Test func fineTuningStartsFromTheBestWeights() throws {
        var configuration = SmallText.configuration
        configuration.regularization = RegularizationStrengths()
        var schedule = rough
        schedule.nonMonotonicInterval = 100
        schedule.fineTuningEpochs = 1
        let perplexities = try run(configuration, schedule).epochs.prefix(20).compactMap(\.validationRawPerplexity)
        let worse = try #require(perplexities.indices.dropFirst().first { perplexities[$0] > perplexities[$0 - 1] })

        schedule.epochs = worse + 1
        let late = try run(configuration, schedule)
        schedule.epochs = worse
        let early = try run(configuration, schedule)
        #expect(late.epochs.count == early.epochs.count + 1)
        let (last, expected) = (try #require(late.epochs.last), try #require(early.epochs.last))
        #expect(last.stage == .fineTuning && expected.stage == .fineTuning)
        #expect(last.trainPerplexity == expected.trainPerplexity)
        #expect(last.validationRawPerplexity == expected.validationRawPerplexity)
        #expect(last.validationAveragedPerplexity == expected.validationAveragedPerplexity)
    }

    @Test func fineTuningCanBeLeftOut() throws {
        var schedule = SmallText.schedule
        schedule.fineTuning = false
        let run = try run(SmallText.configuration, schedule)
        #expect(run.outcome.fineTuningEpoch == nil)
        #expect(run.epochs.count == schedule.epochs)
        #expect(run.epochs.allSatisfy { $0.stage == .main })
    }

    @Test func theFiguresAreThoseOfTheBestCheckpoint() throws {
        try withTemporaryFolder { directory in
            let corpus = SmallText.corpus()
            let run = try run(SmallText.configuration, rough, directory: directory)
            let perplexities = run.epochs.map { $0.validationAveragedPerplexity ?? $0.validationRawPerplexity ?? .nan }
            let best = try #require(perplexities.min())
            #expect(run.outcome.bestInterval == perplexities.firstIndex(of: best).map { $0 + 1 })
            #expect(abs(try #require(run.outcome.validationPerplexity) / best - 1) < 1e-9)

            let (model, metadata) = try Checkpoint.read(directory.appendingPathComponent(Trainer.checkpointName))
            #expect(metadata.epoch == run.outcome.bestInterval)
            #expect(metadata.vocabularyDigest == corpus.vocabulary.digest)
            #expect(model.configuration == SmallText.configuration)
            let validation = try Evaluator(model, batchSize: 3).perplexity(of: corpus.validation, split: "validation")
            let test = try Evaluator(model, batchSize: 1).perplexity(of: corpus.test, split: "test")
            #expect(validation == run.outcome.validationPerplexity)
            #expect(test == run.outcome.testPerplexity)
        }
    }

    @Test func epochsMayBeJudgedOnAPrefixButTheFiguresAreOfTheWholeText() throws {
        let corpus = SmallText.corpus()
        var schedule = SmallText.schedule
        schedule.validationTokens = 101
        schedule.fineTuning = false
        let partly = try run(SmallText.configuration, schedule, corpus: corpus)
        let prefix = SmallText.corpus(validation: 101)
        schedule.validationTokens = 0
        let short = try run(SmallText.configuration, schedule, corpus: prefix)
        #expect(partly.epochs.map(\.validationRawPerplexity) == short.epochs.map(\.validationRawPerplexity))
        #expect(partly.outcome.validationPerplexity != short.outcome.validationPerplexity)
        #expect(partly.outcome.testPerplexity == short.outcome.testPerplexity)
    }

    @Test func tooShortATextIsRefusedByName() throws {
        for (corpus, name) in [
            (SmallText.corpus(train: 48), "training text"),
            (SmallText.corpus(validation: 5), "validation text"),
            (SmallText.corpus(test: 1), "test text"),
        ] {
            let error = #expect(throws: InputError.self) { try run(corpus: corpus) }
            #expect(String(describing: try #require(error)).contains(name))
        }
    }

    /// A window needs two steps, however short the windows that are asked for.
    @Test func aTextOfOneStepIsRefused() throws {
        var configuration = SmallText.configuration
        configuration.regularization.variableLengthBPTT = false
        var schedule = SmallText.schedule
        schedule.windowLength = 1
        let error = #expect(throws: InputError.self) {
            try run(configuration, schedule, corpus: SmallText.corpus(train: 8))
        }
        #expect(String(describing: try #require(error)).contains("training text"))
        #expect(try run(configuration, schedule, corpus: SmallText.corpus(train: 12)).outcome.status == .ok)
    }

    @Test func aProbeMeasuresTrainingSpeed() throws {
        let trainer = try Trainer(
            model: SmallText.configuration, schedule: SmallText.schedule, corpus: SmallText.corpus(), seed: 1, threads: 1,
            directory: nil)
        let start = Date()
        #expect(try trainer.probe(seconds: 0.1) > 0)
        #expect(Date().timeIntervalSince(start) > 0.1)
    }
}
