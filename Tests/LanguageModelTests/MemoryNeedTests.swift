import Corpus
import Kernels
import Recurrent
import Testing

@testable import LanguageModel

@Suite struct MemoryNeedTests {
    #if compiler(>=6.2)
        /// The count of bytes is the whole process's, so the trainings run in a process of their own.
        @Test func theBuffersAreThoseOfATraining() async {
            await #expect(processExitsWith: .success) {
                for (index, configuration) in MemoryNeedTests.configurations.enumerated() {
                    var schedule = SmallText.schedule
                    schedule.learningRate = 1
                    schedule.ntASGD = index % 3 != 2
                    schedule.testBatchSize = 2
                    let corpus = SmallText.corpus()
                    let before = Buffer.liveBytes
                    let trainer = try Trainer(
                        model: configuration, schedule: schedule, corpus: corpus, seed: 1, threads: 1, directory: nil)
                    _ = try trainer.train()
                    precondition(trainer.optimizer.average != nil || !schedule.ntASGD)
                    // The last that training makes, and lets go when it has the figure.
                    let evaluator = Evaluator(trainer.model, batchSize: schedule.testBatchSize, memory: trainer.pass.memory)
                    let live = withExtendedLifetime((trainer, evaluator)) { Buffer.liveBytes - before }
                    let need = MemoryNeed(configuration, schedule: schedule, corpus: corpus, threads: 1)
                    precondition(live == need.buffers)
                }
            }
        }
    #else
        @Test(.disabled("needs Swift 6.2, whose tests can run in a process of their own")) func theBuffersAreThoseOfATraining() {}
    #endif

    @Test func theLargestSizesDoNotOverflow() {
        var configuration = ModelConfiguration()
        configuration.hiddenSize = 1_000_000
        configuration.embeddingSize = 1_000_000
        configuration.layers = 64
        configuration.regularization.weightDropping = 0.5
        var schedule = TrainingSchedule()
        schedule.batchSize = 1_000_000
        schedule.windowLength = 100_000
        let need = MemoryNeed(
            configuration, schedule: schedule, vocabularySize: .max / 4, trainingTokens: .max, validationTokens: .max, testTokens: .max,
            threads: 1024)
        #expect(need.buffers == .max && need.resident == .max && need.addressSpace == .max)
    }

    /// Odd sizes, all cells, with all techniques, with none, and with embedding and decoder apart.
    static var configurations: [ModelConfiguration] {
        CellKind.allCases.flatMap { cell in
            (0..<3).map { kind in
                var configuration = SmallText.configuration
                configuration.cell = cell
                configuration.embeddingSize = [37, 51, 29][kind]
                configuration.hiddenSize = [51, 37, 43][kind]
                configuration.layers = [2, 3, 1][kind]
                if kind == 1 { configuration.regularization = .init() } else if cell == .qrnn { configuration.zoneout = 0.2 }
                if kind == 2 { configuration.regularization.weightTying = false }
                return configuration
            }
        }
    }
}
