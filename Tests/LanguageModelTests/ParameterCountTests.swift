import LanguageModel
import Recurrent
import Testing

@Suite struct ParameterCountTests {
    @Test(arguments: [
        (CellKind.lstm, 10_000, 24_221_600), (.gru, 10_000, 19_168_700), (.lstm, 33_278, 33_556_078),
        (.gru, 33_278, 28_503_178),
    ])
    func paperSizesHaveThePapersCounts(cell: CellKind, vocabularySize: Int, count: Int) {
        var configuration = ModelConfiguration()
        configuration.cell = cell
        configuration.regularization.weightTying = true
        #expect(configuration.parameterCount(vocabularySize: vocabularySize) == count)
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
