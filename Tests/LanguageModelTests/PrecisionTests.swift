import Corpus
import Documents
import Foundation
import Kernels
@testable import LanguageModel
import NaiveTwins
import Recurrent
import Testing

/// Models whose products take factors in bfloat16.
@Suite struct PrecisionTests {
    private static let isThere: ConditionTrait = .enabled(if: Precision.bfloat16.missing == nil, "the processor has no AVX512_BF16")

    /// Sizes that are no multiples of anything, and all techniques. With weights of ±1 such models are chaotic: rounding the weights alone then turns
    /// the gradients of float32 as far.
    @Test(Self.isThere, arguments: NaiveCell.allCases, [true, false])
    func `gradients point where those of float32 do`(cell: NaiveCell, tied: Bool) {
        let scenario = TwinScenario(
            cell: cell, tied: tied, layers: 3, embeddingSize: 19, hiddenSize: 37, vocabularySize: 101, batchSize: 5, length: 11,
            techniques: Set(TwinTechnique.allCases), scale: 0.5, seed: 77)
        let (twin, window, state) = scenario.make()
        let start = state.map { RecurrentState($0, cell: cell) }
        func run(_ precision: Precision) -> (loss: Double, gradients: [String: [Float]]) {
            let model = FloatModel(twin, batchSize: scenario.batchSize, maximumLength: scenario.length, precision: precision)
            let loss = model.run(window, state: start).loss.crossEntropy
            return (loss, model.gradients)
        }
        let (exact, rounded) = (run(.float32), run(.bfloat16))
        #expect(rounded.loss != exact.loss && abs(rounded.loss / exact.loss - 1) < 0.01)
        for (name, values) in exact.gradients {
            let cosine = cosine(values, rounded.gradients[name] ?? [])
            #expect(cosine > 0.999, "\(name)")
            #expect(values != rounded.gradients[name], "\(name) does not know of it")
        }
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Double {
        func product(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }

    /// A run stopped after every few windows, and one never stopped.
    @Test(Self.isThere, arguments: CellKind.allCases)
    func `a run that is stopped ends as one that was not`(cell: CellKind) throws {
        func best(stopAfter windows: Int?) throws -> Data {
            try withTemporaryFolder { directory in
                var configuration = SmallText.configuration
                configuration.cell = cell
                configuration.precision = .bfloat16
                var isFirst = true
                while true {
                    let trainer = try Trainer(
                        model: configuration, schedule: SmallText.schedule, corpus: SmallText.corpus(), seed: 3, threads: 1, directory: directory)
                    if !isFirst { try trainer.resume(from: directory.appendingPathComponent(Trainer.stateName)) }
                    isFirst = false
                    var count = 0
                    do {
                        _ = try trainer.train(shouldStop: {
                            count += 1
                            return count == windows
                        })
                        return try Data(contentsOf: directory.appendingPathComponent(Trainer.checkpointName))
                    } catch is TrainingStopped {}
                }
            }
        }
        let whole = try best(stopAfter: nil)
        #expect(try best(stopAfter: 7) == whole)
        #expect(try best(stopAfter: nil) == whole, "one seed, one result")
    }

    @Test func `a machine that cannot refuses the key`() throws {
        var configuration = ModelConfiguration()
        try configuration.checkPrecision(paths: [.openBLAS])
        configuration.precision = .bfloat16
        let error = #expect(throws: InputError.self) { try configuration.checkPrecision(paths: [.libxsmm, .openBLAS]) }
        #expect(error?.kind == .usage && error?.message.hasPrefix("precision: bfloat16: the processor must have AVX512_BF16") == true)
    }
}
