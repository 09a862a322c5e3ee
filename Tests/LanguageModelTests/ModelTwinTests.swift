import Kernels
@testable import LanguageModel
import NaiveTwins
import Recurrent
import Testing

/// The float model agrees with the double-precision twin, block by block.
@Suite struct ModelTwinTests {
    /// The tiny scenarios that finite differences judged, and larger ones whose sizes are no multiples of a vector.
    private static let scenarios =
        TwinScenario.all
        + NaiveCell.allCases.flatMap { cell in
            [true, false].map { tied in
                TwinScenario(
                    cell: cell, tied: tied, layers: 3, embeddingSize: 19, hiddenSize: 37, vocabularySize: 101,
                    batchSize: 5, length: 11, techniques: Set(TwinTechnique.allCases), seed: 77)
            }
        }
        // The paper's hidden size, at which blocked products leave a remainder.
        + NaiveCell.allCases.map { cell in
            TwinScenario(
                cell: cell, embeddingSize: 70, hiddenSize: 1150, vocabularySize: 211, batchSize: 3, length: 3,
                techniques: Set(TwinTechnique.allCases), scale: 0.05, seed: 78)
        }

    @Test(arguments: scenarios) func lossStateAndGradientsAgree(scenario: TwinScenario) throws {
        let (twin, window, state) = scenario.make()
        let forward = twin.forward(window, state: state)
        let expected = twin.gradients(window, forward: forward)
        let model = FloatModel(twin, batchSize: scenario.batchSize, maximumLength: scenario.length + 3)
        let start = state.map { RecurrentState($0, cell: scenario.cell) }
        // Twice: the buffers of an earlier window must leave nothing behind.
        _ = model.run(window, state: start)
        let (loss, after) = model.run(window, state: start)
        #expect(relativeDistance([loss.crossEntropy, loss.total], [forward.crossEntropy, forward.loss]) < 1e-5)
        #expect(abs(loss.penalty - (forward.loss - forward.crossEntropy)) < 1e-5)
        #expect(relativeDistance(after, forward.state, cell: scenario.cell) < 1e-5)
        let gradients = model.gradients
        for (name, values) in expected {
            #expect(relativeDistance(gradients[name] ?? [], values) < 1e-4, "\(name)")
        }
    }

    /// A vocabulary so large that two rows of logits fill a block, and the last block is smaller.
    @Test func theDecoderWorksInBlocks() {
        var random = NaiveRandom(seed: 5)
        let (vocabulary, width, rows) = (1_500_001, 2, 5)
        let output = random.matrix(rows: rows, columns: width, scale: 1)
        let weight = random.matrix(rows: vocabulary, columns: width, scale: 1)
        let bias = random.matrix(rows: 1, columns: vocabulary, scale: 1)
        let targets = [1_500_000, 0, 7, 1_499_999, 750_000]
        let (expectedLoss, logitsGradient) = NaiveCrossEntropy.evaluate(
            logits: NaiveDecoder.forward(input: output, weight: weight, bias: bias), targets: targets)
        var expectedWeight = NaiveMatrix(rows: vocabulary, columns: width)
        var expectedBias = NaiveMatrix(rows: 1, columns: vocabulary)
        let expectedOutput = NaiveDecoder.backward(
            logitsGradient: logitsGradient, input: output, weight: weight, weightGradient: &expectedWeight,
            biasGradient: &expectedBias)

        func matrix(_ twin: NaiveMatrix) -> Matrix {
            let matrix = Matrix(rows: twin.rows, columns: twin.columns)
            matrix.assign(twin.values.map(Float.init))
            return matrix
        }
        let (outputGradient, weightGradient, biasGradient) = (
            Matrix(rows: rows, columns: width), Matrix(rows: vocabulary, columns: width),
            Matrix(rows: 1, columns: vocabulary)
        )
        let decoder = Decoder(vocabularySize: vocabulary, maximumRows: rows, precision: .float32)
        let ids = targets.map(Int32.init)
        let loss = decoder.lossAndGradients(
            output: matrix(output), targets: ids, weight: matrix(weight), bias: matrix(bias),
            outputGradient: outputGradient, weightGradient: weightGradient, biasGradient: biasGradient)
        #expect(abs(loss / Double(rows) / expectedLoss - 1) < 1e-5)
        #expect(relativeDistance(outputGradient.toArray(), expectedOutput.values) < 1e-4)
        #expect(relativeDistance(weightGradient.toArray(), expectedWeight.values) < 1e-4)
        #expect(relativeDistance(biasGradient.toArray(), expectedBias.values) < 1e-4)
        let lossOnly = decoder.loss(output: matrix(output), targets: ids, weight: matrix(weight), bias: matrix(bias))
        #expect(lossOnly == loss)
    }
}
