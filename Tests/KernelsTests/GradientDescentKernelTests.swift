import Kernels
import NaiveTwins
import Testing

@Suite struct GradientDescentKernelTests {
    @Test(arguments: [false, true]) func followsTheFormula(averaging: Bool) {
        var random = NaiveRandom(seed: 8)
        let values = random.matrix(rows: 1, columns: 1031, scale: 1)
        let gradient = random.matrix(rows: 1, columns: 1031, scale: 1)
        let average = random.matrix(rows: 1, columns: 1031, scale: 1)
        let (rate, clip, decay, weight) = (0.3, 0.7, 0.05, 0.2)
        let (descended, averaged) = (Matrix(values), Matrix(average))
        descended.descend(
            along: Matrix(gradient), rate: Float(rate), clip: Float(clip), decay: Float(decay),
            average: averaging ? averaged : nil, weight: Float(weight))
        let expected = values.values.indices.map {
            values.values[$0] - rate * (clip * gradient.values[$0] + decay * values.values[$0])
        }
        let expectedAverage = expected.indices.map {
            averaging ? average.values[$0] * (1 - weight) + expected[$0] * weight : average.values[$0]
        }
        #expect(relativeDistance(descended.twin.values, expected) < 1e-6)
        #expect(relativeDistance(averaged.twin.values, expectedAverage) < 1e-6)
    }
}
