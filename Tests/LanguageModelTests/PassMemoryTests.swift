import Corpus
import Kernels
import Optimizers
import Recurrent
import Testing

@testable import LanguageModel

/// An evaluation lies where the training pass has its sequences; neither is to notice the other.
@Suite struct PassMemoryTests {
    @Test(arguments: CellKind.allCases, [3, 16])
    func trainingAndJudgementsInOneMemoryAreThoseApart(cell: CellKind, evaluatedBatchSize: Int) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.zoneout = cell == .qrnn ? 0.1 : 0
        let training = try TokenStreams(tokens: SmallText.tokens(400, seed: 1), batchSize: 4)
        let text = SmallText.tokens(500, seed: 2)

        func train(isShared: Bool) throws -> (parameters: [Float], losses: [Double]) {
            let model = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 1)
            let pass = WindowPass(
                model, batchSize: 4, maximumLength: 12,
                techniques: Techniques(
                    configuration, strengths: configuration.regularization, vocabularySize: SmallText.vocabularySize, batchSize: 4,
                    seed: 1, maximumLength: 12))
            let evaluator = Evaluator(
                model, batchSize: evaluatedBatchSize, windowLength: 9, memory: isShared ? pass.memory : SequenceMemory())
            var optimizer = SGD(learningRate: 1, weightDecay: 1e-4)
            var state = model.zeroState(batchSize: 4)
            var losses: [Double] = []
            for position in stride(from: 0, to: 72, by: 12) {
                pass.techniques.draw()
                state = pass.lossAndGradients(training.window(at: position, length: 12), state: state).state
                optimizer.step(model.parameters.flat, gradients: pass.gradients.flat, clip: 1, learningRateScale: 1)
                losses.append(try evaluator.meanLoss(of: text, split: "text"))
            }
            return (model.parameters.flat.toArray(), losses)
        }

        let (together, apart) = (try train(isShared: true), try train(isShared: false))
        #expect(Set(together.losses).count == 6)
        #expect(together.losses == apart.losses)
        #expect(together.parameters == apart.parameters)
    }
}
