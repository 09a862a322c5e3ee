import Foundation
import Kernels
import NaiveTwins
import Testing

@Suite struct SoftmaxCrossEntropyTests {
    @Test(arguments: [1, 2, 13, 1009], [1.0, 30.0, 3000.0]) func lossAndGradient(vocabulary: Int, scale: Double) {
        var random = NaiveRandom(seed: 9)
        let rows = 7
        let logits = random.matrix(rows: rows, columns: vocabulary, scale: scale)
        let bias = random.matrix(rows: 1, columns: vocabulary, scale: 1)
        let targets = random.tokens(rows, vocabularySize: vocabulary)
        var biased = logits
        for row in 0..<rows { biased.addToRow(row, bias.values) }
        let expected = NaiveCrossEntropy.evaluate(logits: biased, targets: targets)

        let gradient = Matrix(logits)
        let loss = SoftmaxCrossEntropy.lossAndGradient(
            logits: gradient, bias: Matrix(bias), targets: targets.map(Int32.init)[...], scale: 1 / Float(rows))
        #expect(abs(loss / Double(rows) - expected.loss) <= 1e-6 * max(1, expected.loss))
        // A logit of 3,000 carries an error of 1e-4 into its exponential.
        #expect(relativeDistance(gradient.twin, expected.gradient) < 1e-5 + 1e-7 * scale)

        let scratch = Matrix(logits)
        let lossOnly = SoftmaxCrossEntropy.lossAndGradient(
            logits: scratch, bias: Matrix(bias), targets: targets.map(Int32.init)[...], scale: 0)
        #expect(lossOnly == loss)

        let (total, each) = SoftmaxCrossEntropy.losses(logits: Matrix(logits), bias: Matrix(bias), targets: targets.map(Int32.init)[...])
        #expect(total == loss && each.count == rows)
        for (row, loss) in each.enumerated() {
            let logits = NaiveMatrix(rows: 1, columns: vocabulary, values: biased.row(row))
            let expected = NaiveCrossEntropy.evaluate(logits: logits, targets: [targets[row]]).loss
            #expect(abs(loss - expected) <= 1e-6 * max(1, scale))
        }
    }

    @Test func equalLogitsCostTheLogarithmOfTheVocabulary() {
        let logits = Matrix(rows: 3, columns: 10_000)
        let loss = SoftmaxCrossEntropy.lossAndGradient(
            logits: logits, bias: Matrix(rows: 1, columns: 10_000), targets: [0, 9_999, 5_000], scale: 0)
        #expect(abs(loss / 3 - log(10_000)) < 1e-5)
    }

    @Test(arguments: [Float.nan, .infinity]) func whatIsNoNumberShows(value: Float) {
        let logits = Matrix(rows: 1, columns: 9)
        logits[0, 4] = value
        let loss = SoftmaxCrossEntropy.lossAndGradient(
            logits: logits, bias: Matrix(rows: 1, columns: 9), targets: [2], scale: 1)
        #expect(!loss.isFinite)
    }
}
