import Corpus
import Foundation
import Kernels
@testable import LanguageModel
import Optimizers
import Recurrent
import Regularizers
import Testing

/// An epoch with every technique on is what one gets by drawing from the techniques' own streams, window by window.
@Suite struct TrainerTechniquesTests {
    @Test(arguments: CellKind.allCases, [UInt64(1), 2])
    func anEpochDrawsMasksAndLengthsForEveryWindow(cell: CellKind, seed: UInt64) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.zoneout = cell == .qrnn ? 0.1 : 0
        var schedule = SmallText.schedule
        schedule.epochs = 1
        schedule.fineTuning = false
        schedule.weightDecay = 1e-4
        let corpus = SmallText.corpus()
        let trainer = try Trainer(
            model: configuration, schedule: schedule, corpus: corpus, seed: seed, threads: 1, directory: nil)
        var epochs: [IntervalMetrics] = []
        _ = try trainer.train(onInterval: { epochs.append($0) })

        let vocabularySize = SmallText.vocabularySize
        let model = try LanguageModel(configuration, vocabularySize: vocabularySize, seed: seed)
        var lengths = VariableLengthBPTT(
            isOn: true, baseLength: 12, stream: RandomStream(seed: seed, name: "variable-length-bptt"))
        let techniques = Techniques(
            configuration, strengths: configuration.regularization, vocabularySize: vocabularySize, batchSize: 4,
            seed: seed, maximumLength: lengths.maximumLength)
        let pass = WindowPass(model, batchSize: 4, maximumLength: 60, techniques: techniques)
        var optimizer = SGD(learningRate: schedule.learningRate, weightDecay: schedule.weightDecay)
        let streams = try TokenStreams(tokens: corpus.train, batchSize: 4)
        var state = model.zeroState(batchSize: 4)
        var (position, total, predictions) = (0, 0.0, 0)
        var drawn: Set<Int> = []
        while streams.length - 1 - position >= 2 {
            let (length, scale) = lengths.draw()
            drawn.insert(length)
            pass.techniques.draw()
            let window = streams.window(at: position, length: length)
            let (loss, after) = pass.lossAndGradients(window, state: state)
            let norm = pass.gradients.flat.sumOfSquares.squareRoot()
            optimizer.step(
                model.parameters.flat, gradients: pass.gradients.flat,
                clip: GradientClipping(maximumNorm: schedule.gradientClipping).factor(norm: norm),
                learningRateScale: scale)
            state = after
            position += window.length
            total += loss.crossEntropy * Double(window.targets.count)
            predictions += window.targets.count
        }
        #expect(drawn.count > 5)
        #expect(epochs.map(\.trainPerplexity) == [exp(total / Double(predictions))])
        #expect(trainer.model.parameters.flat.toArray() == model.parameters.flat.toArray())
    }
}
