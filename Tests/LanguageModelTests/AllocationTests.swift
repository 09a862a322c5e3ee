import Corpus
import Kernels
import LanguageModel
import Optimizers
import Recurrent
import Testing

#if compiler(>=6.2)
    /// The count of allocations is the whole process's, so the loop runs in a process of its own.
    @Suite struct AllocationTests {
        @Test func aTrainingStepAllocatesNoBuffer() async {
            await #expect(processExitsWith: .success) {
                for cell in CellKind.allCases {
                    var configuration = SmallText.configuration
                    configuration.cell = cell
                    configuration.zoneout = 0.1
                    let model = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 1)
                    let techniques = Techniques(
                        configuration, strengths: configuration.regularization,
                        vocabularySize: SmallText.vocabularySize, batchSize: 4, seed: 1, maximumLength: 12)
                    let pass = WindowPass(model, batchSize: 4, maximumLength: 12, techniques: techniques)
                    var optimizer = AveragedSGD(
                        learningRate: 1, weightDecay: 0.1, average: Matrix(rows: 1, columns: model.parameters.count))
                    let streams = try TokenStreams(tokens: SmallText.tokens(400, seed: 1), batchSize: 4)
                    var state = model.zeroState(batchSize: 4)
                    let before = Buffer.allocations
                    for position in stride(from: 0, to: 72, by: 12) {
                        pass.techniques.draw()
                        state = pass.lossAndGradients(streams.window(at: position, length: 12), state: state).state
                        optimizer.step(
                            model.parameters.flat, gradients: pass.gradients.flat, clip: 1, learningRateScale: 1)
                    }
                    precondition(Buffer.allocations == before)
                }
            }
        }
    }
#else
    @Suite struct AllocationTests {
        @Test(.disabled("needs Swift 6.2, whose tests can run in a process of their own")) func aTrainingStepAllocatesNoBuffer() {}
    }
#endif
