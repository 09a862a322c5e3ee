import LanguageModel
import Recurrent
import Testing

@Suite struct ParameterCountTests {
    @Test(arguments: [
        (CellKind.lstm, 10_000, 24_221_600), (.gru, 10_000, 19_168_700), (.lstm, 33_278, 33_556_078),
        (.gru, 33_278, 28_503_178), (.qrnn, 10_000, 12_125_600), (.qrnn, 33_278, 21_460_078),
    ])
    func paperSizesHaveThePapersCounts(cell: CellKind, vocabularySize: Int, count: Int) {
        var configuration = ModelConfiguration()
        configuration.cell = cell
        configuration.regularization.weightTying = true
        #expect(configuration.parameterCount(vocabularySize: vocabularySize) == count)
    }

    /// The authors' own QRNN for Penn Treebank: in the reference code's modules, an embedding of 10,000 · 400, a decoder's bias of 10,000, and
    /// linear layers of 3H · (window · I) + 3H.
    @Test func theReferenceQRNNHasItsCount() {
        var configuration = ModelConfiguration()
        configuration.cell = .qrnn
        configuration.layers = 4
        configuration.hiddenSize = 1550
        configuration.regularization.weightTying = true
        let linear = 4650 * 800 + 4650 + 2 * (4650 * 1550 + 4650) + 1200 * 1550 + 1200
        #expect(configuration.parameterCount(vocabularySize: 10_000) == 10_000 * 400 + 10_000 + linear)
    }

    @Test func untyingAddsADecoderMatrix() {
        var configuration = ModelConfiguration()
        let untied = configuration.parameterCount(vocabularySize: 10_000)
        configuration.regularization.weightTying = true
        #expect(untied - configuration.parameterCount(vocabularySize: 10_000) == 10_000 * 400)
    }

    @Test func aModelHasAsManyParametersAsItsConfigurationSays() {
        var configuration = ModelConfiguration()
        configuration.embeddingSize = 3
        configuration.hiddenSize = 5
        configuration.regularization.independentSizes = false
        let model = LanguageModel(configuration, vocabularySize: 7)
        // E raised to 5: 7·5 twice, bias 7, three layers of 4·5·(5 + 5 + 2).
        #expect(model.parameters.count == 2 * 35 + 7 + 3 * 240)
        #expect(configuration.parameterCount(vocabularySize: 7) == model.parameters.count)
    }

    @Test func theCostOfATokenIsThatOfThePaperSize() {
        var configuration = ModelConfiguration()
        configuration.regularization.weightTying = true
        #expect(abs(configuration.floatingPointOperationsPerToken(vocabularySize: 10_000) / 145e6 - 1) < 0.01)
        configuration.cell = .gru
        #expect(abs(configuration.floatingPointOperationsPerToken(vocabularySize: 10_000) / 115e6 - 1) < 0.01)
    }
}
