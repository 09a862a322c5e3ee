import Kernels
import NaiveTwins
import Testing

@Suite struct EmbeddingKernelTests {
    @Test(arguments: [true, false]) func lookUpAndItsTranspose(scaled: Bool) {
        var random = NaiveRandom(seed: 7)
        let table = random.matrix(rows: 11, columns: 5, scale: 1)
        let tokens = random.tokens(29, vocabularySize: 11)
        let scales = scaled ? random.mask(rows: 1, columns: 11, probability: 0.3) : nil
        let ids = tokens.map(Int32.init)

        let found = Matrix(strided: NaiveMatrix(rows: 29, columns: 5), gap: 2)
        Matrix(table).lookUp(ids, rowScale: scales.map { Matrix($0) }, into: found)
        let expected = NaiveEmbedding.forward(table: table, tokens: tokens, scales: scales?.values)
        #expect(relativeDistance(found.twin, expected) < 1e-6)

        let arriving = random.matrix(rows: 29, columns: 5, scale: 1)
        var expectedGradient = random.matrix(rows: 11, columns: 5, scale: 1)
        let gradient = Matrix(expectedGradient)
        gradient.addLookUpGradient(Matrix(arriving), ids: ids, rowScale: scales.map { Matrix($0) })
        NaiveEmbedding.backward(
            outputGradient: arriving, tokens: tokens, scales: scales?.values, tableGradient: &expectedGradient)
        #expect(relativeDistance(gradient.twin, expectedGradient) < 1e-6)
    }
}
