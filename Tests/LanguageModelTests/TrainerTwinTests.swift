import Corpus
import Foundation
import LanguageModel
import NaiveTwins
import Recurrent
import Regularizers
import Testing

/// Whole epochs of the trainer against the twin trained by plain loops: windows, carried state, clipping, decay,
/// penalties, averaging and evaluation.
@Suite struct TrainerTwinTests {
    private static let vocabularySize = SmallText.vocabularySize

    private func configuration(_ cell: CellKind, tied: Bool) -> ModelConfiguration {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.regularization = RegularizationStrengths()
        configuration.regularization.weightTying = tied
        configuration.regularization.ar = 2
        configuration.regularization.tar = 1
        return configuration
    }

    private func twin(of configuration: ModelConfiguration, seed: UInt64) throws -> NaiveLanguageModel {
        let model = try LanguageModel(configuration, vocabularySize: Self.vocabularySize, seed: seed)
        var twin = NaiveLanguageModel(
            cell: configuration.cell == .lstm ? .lstm : .gru, vocabularySize: Self.vocabularySize,
            embeddingSize: configuration.embeddingSize, hiddenSize: configuration.hiddenSize,
            layers: configuration.layers, tied: configuration.regularization.weightTying)
        (twin.alpha, twin.beta) = (2, 1)
        for shape in model.parameters.shapes {
            twin.parameters[shape.name] = model.parameters[shape.name].toArray().map(Double.init)
        }
        return twin
    }

    /// The windows of a text cut into streams; a remainder of fewer than `shortest` steps is left out.
    private func windows(_ tokens: [Int32], batchSize: Int, length: Int, shortest: Int) -> [NaiveWindow] {
        let streamLength = tokens.count / batchSize
        var windows: [NaiveWindow] = []
        var start = 0
        while start + shortest < streamLength {
            let steps = min(length, streamLength - 1 - start)
            func words(shift: Int) -> [Int] {
                (0..<steps).flatMap { step in
                    (0..<batchSize).map { Int(tokens[$0 * streamLength + start + step + shift]) }
                }
            }
            windows.append(NaiveWindow(
                inputs: words(shift: 0), targets: words(shift: 1), batchSize: batchSize, masks: NaiveMasks(layers: 2)))
            start += steps
        }
        return windows
    }

    private func perplexity(_ twin: NaiveLanguageModel, _ tokens: [Int32], batchSize: Int) -> Double {
        var state = twin.zeroState(batchSize: batchSize)
        var (total, count) = (0.0, 0)
        for window in windows(tokens, batchSize: batchSize, length: 70, shortest: 1) {
            let forward = twin.forward(window, state: state)
            total += forward.crossEntropy * Double(window.targets.count)
            count += window.targets.count
            state = forward.state
        }
        return exp(total / Double(count))
    }

    /// Trains for an epoch and returns its perplexity and the mean of the weights after each step.
    private func trainEpoch(
        _ twin: inout NaiveLanguageModel, _ tokens: [Int32], _ schedule: TrainingSchedule
    ) -> (perplexity: Double, average: [String: [Double]]) {
        let optimizer = NaiveSGD(
            learningRate: Double(schedule.learningRate), clipping: Double(schedule.gradientClipping),
            weightDecay: Double(schedule.weightDecay))
        var state = twin.zeroState(batchSize: schedule.batchSize)
        var sum = twin.parameters.mapValues { $0.map { _ in 0.0 } }
        var (total, count) = (0.0, 0)
        let windows = windows(tokens, batchSize: schedule.batchSize, length: schedule.windowLength, shortest: 2)
        for window in windows {
            let forward = twin.forward(window, state: state)
            optimizer.update(&twin.parameters, gradients: twin.gradients(window, forward: forward))
            for (name, values) in twin.parameters {
                for index in values.indices { sum[name]?[index] += values[index] / Double(windows.count) }
            }
            total += forward.crossEntropy * Double(window.targets.count)
            count += window.targets.count
            state = forward.state
        }
        return (exp(total / Double(count)), sum)
    }

    /// 4 streams of 301 tokens give 25 windows of 12 steps; with 302 tokens a remainder of one step is dropped.
    @Test(arguments: CellKind.allCases, [(true, 1204), (false, 1208), (true, 1215)])
    func anEpochAndAFineTuningEpochAreTheTwins(cell: CellKind, setting: (tied: Bool, tokens: Int)) throws {
        let configuration = configuration(cell, tied: setting.tied)
        let corpus = SmallText.corpus(train: setting.tokens)
        var schedule = SmallText.schedule
        schedule.epochs = 1
        schedule.fineTuningEpochs = 1
        schedule.weightDecay = 1e-3
        let trainer = try Trainer(
            model: configuration, schedule: schedule, corpus: corpus, seed: 5, threads: 1, directory: nil)
        var epochs: [EpochMetrics] = []
        let outcome = try trainer.train(onEpoch: { epochs.append($0) })
        try #require(epochs.count == 2)

        var twin = try twin(of: configuration, seed: 5)
        let first = trainEpoch(&twin, corpus.train, schedule)
        #expect(abs(epochs[0].trainPerplexity / first.perplexity - 1) < 1e-4)
        #expect(abs(epochs[0].validationRawPerplexity / perplexity(twin, corpus.validation, batchSize: 3) - 1) < 1e-4)

        let afterMain = twin
        let second = trainEpoch(&twin, corpus.train, schedule)
        var averaged = twin
        averaged.parameters = second.average
        let averagedPerplexity = perplexity(averaged, corpus.validation, batchSize: 3)
        #expect(abs(epochs[1].trainPerplexity / second.perplexity - 1) < 1e-3)
        #expect(abs(epochs[1].validationRawPerplexity / perplexity(twin, corpus.validation, batchSize: 3) - 1) < 1e-3)
        #expect(abs(try #require(epochs[1].validationAveragedPerplexity) / averagedPerplexity - 1) < 1e-3)

        let best = outcome.bestEpoch == 1 ? afterMain : averaged
        #expect(abs(try #require(outcome.testPerplexity) / perplexity(best, corpus.test, batchSize: 1) - 1) < 1e-3)
    }
}
