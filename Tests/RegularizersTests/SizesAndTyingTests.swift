import Kernels
import Regularizers
import Testing

@Suite struct SizesAndTyingTests {
    @Test func independentSizesReadAndWriteE() {
        let sizes = IndependentSizes(isOn: true).layerSizes(embeddingSize: 400, hiddenSize: 1150, layers: 3)
        #expect(sizes.map { [$0.input, $0.output] } == [[400, 1150], [1150, 1150], [1150, 400]])
        let one = IndependentSizes(isOn: true).layerSizes(embeddingSize: 3, hiddenSize: 5, layers: 1)
        #expect(one.map { [$0.input, $0.output] } == [[3, 3]])
    }

    @Test func removedRaisesEToH() {
        let sizes = IndependentSizes(isOn: false).layerSizes(embeddingSize: 400, hiddenSize: 1150, layers: 2)
        #expect(sizes.map { [$0.input, $0.output] } == [[1150, 1150], [1150, 1150]])
        #expect(IndependentSizes(isOn: false).embeddingSize(400, hiddenSize: 1150) == 1150)
    }

    @Test func tiedModelsHaveOneMatrixAndTheDecodersOwnBias() {
        #expect(
            WeightTying(isOn: true).parameters(vocabularySize: 7, embeddingSize: 3)
                == [ParameterShape("embedding.weight", 7, 3), ParameterShape("decoder.bias", 1, 7)])
        let untied = WeightTying(isOn: false).parameters(vocabularySize: 7, embeddingSize: 3)
        #expect(
            untied == [
                ParameterShape("embedding.weight", 7, 3), ParameterShape("decoder.weight", 7, 3),
                ParameterShape("decoder.bias", 1, 7),
            ])
        let storage = ParameterStorage(untied)
        storage["decoder.weight"].fill(2)
        #expect(WeightTying(isOn: false).decoderWeight(in: storage)[0, 0] == 2)
        #expect(WeightTying(isOn: true).decoderWeight(in: storage)[0, 0] == 0)
    }
}
