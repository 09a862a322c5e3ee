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
            cell: NaiveCell(configuration.cell), vocabularySize: Self.vocabularySize,
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

    /// Trains for an epoch and returns its perplexity and the norms of its gradients, adding the weights after each step to `iterates`.
    private func trainEpoch(
        _ twin: inout NaiveLanguageModel, _ tokens: [Int32], _ schedule: TrainingSchedule, iterates: inout Iterates
    ) -> (perplexity: Double, norms: [Double]) {
        let optimizer = NaiveSGD(
            learningRate: Double(schedule.learningRate), clipping: Double(schedule.gradientClipping),
            weightDecay: Double(schedule.weightDecay))
        var state = twin.zeroState(batchSize: schedule.batchSize)
        var (total, count, norms) = (0.0, 0, [Double]())
        for window in windows(tokens, batchSize: schedule.batchSize, length: schedule.windowLength, shortest: 2) {
            let forward = twin.forward(window, state: state)
            let gradients = twin.gradients(window, forward: forward)
            norms.append(NaiveSGD.norm(gradients))
            optimizer.update(&twin.parameters, gradients: gradients)
            iterates.add(twin.parameters)
            total += forward.crossEntropy * Double(window.targets.count)
            count += window.targets.count
            state = forward.state
        }
        return (exp(total / Double(count)), norms)
    }

    /// The weights after each step, summed.
    private struct Iterates {
        private var sums: [String: [Double]] = [:]
        private var count = 0.0

        mutating func add(_ parameters: [String: [Double]]) {
            count += 1
            sums.merge(parameters) { zip($0, $1).map { $0 + $1 } }
        }

        var mean: [String: [Double]] { sums.mapValues { $0.map { $0 / count } } }
    }

    /// 4 streams of 301 tokens give 25 windows of 12 steps; with 302 tokens a remainder of one step is dropped.
    @Test(arguments: CellKind.allCases, [(true, 1204), (false, 1208), (true, 1215)])
    func anEpochAndTwoOfFineTuningAreTheTwins(cell: CellKind, setting: (tied: Bool, tokens: Int)) throws {
        let configuration = configuration(cell, tied: setting.tied)
        let corpus = SmallText.corpus(train: setting.tokens)
        var schedule = SmallText.schedule
        schedule.epochs = 1
        schedule.fineTuningEpochs = 2
        schedule.weightDecay = 1e-3
        schedule.gradientClipping = cell == .gru ? 0.25 : 0.15
        let trainer = try Trainer(
            model: configuration, schedule: schedule, corpus: corpus, seed: 5, threads: 1, directory: nil)
        var epochs: [IntervalMetrics] = []
        let outcome = try trainer.train(onInterval: { epochs.append($0) })
        try #require(epochs.map(\.stage) == [.main, .fineTuning, .fineTuning])

        var twin = try twin(of: configuration, seed: 5)
        var best: [NaiveLanguageModel] = []
        var iterates = Iterates()
        for (index, metrics) in epochs.enumerated() {
            // Differences between float and double grow from step to step.
            let tolerance = index == 0 ? 1e-4 : 1e-3
            if index < 2 { iterates = Iterates() }
            let (perplexity, norms) = trainEpoch(&twin, corpus.train, schedule, iterates: &iterates)
            let raw = self.perplexity(twin, corpus.validation, batchSize: 3)
            #expect(abs(metrics.trainPerplexity / perplexity - 1) < tolerance)
            let mean = norms.reduce(0, +) / Double(norms.count)
            #expect(abs(metrics.gradientNorm / mean - 1) < tolerance)
            let clipped = norms.filter { $0 > Double(schedule.gradientClipping) }.count
            #expect(metrics.clipped == Double(clipped) / Double(norms.count))
            #expect(abs((metrics.validationRawPerplexity ?? .nan) / raw - 1) < tolerance)
            best.append(twin)
            guard metrics.stage == .fineTuning else { continue }
            best[index].parameters = iterates.mean
            let averaged = self.perplexity(best[index], corpus.validation, batchSize: 3)
            #expect(abs(try #require(metrics.validationAveragedPerplexity) / averaged - 1) < tolerance)
        }
        #expect(epochs.contains { $0.clipped > 0 && $0.clipped < 1 })
        let bestEpoch = try #require(outcome.bestInterval)
        let test = perplexity(best[bestEpoch - 1], corpus.test, batchSize: 1)
        #expect(abs(try #require(outcome.testPerplexity) / test - 1) < 1e-3)
    }
}
