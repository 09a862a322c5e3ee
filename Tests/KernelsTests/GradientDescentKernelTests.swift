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

    /// Some weights are drawn back by more than all the way, which is cut off.
    @Test func adaptingFollowsTheFormula() {
        var random = NaiveRandom(seed: 9)
        let values = random.matrix(rows: 1, columns: 1031, scale: 1)
        let gradient = random.matrix(rows: 1, columns: 1031, scale: 1)
        let origin = random.matrix(rows: 1, columns: 1031, scale: 1)
        var rms = random.matrix(rows: 1, columns: 1031, scale: 1)
        rms.values = rms.values.map { abs($0) }
        let adapted = Matrix(values)
        adapted.adapt(along: Matrix(gradient), rate: 0.3, epsilon: 0.01, rms: Matrix(rms), origin: Matrix(origin), pull: 2)
        let expected = values.values.indices.map { index in
            let (value, r) = (values.values[index], rms.values[index])
            return value + min(1, 2 * r) * (origin.values[index] - value) - 0.3 * gradient.values[index] / (r + 0.01)
        }
        #expect(relativeDistance(adapted.twin.values, expected) < 1e-6)
        let roots = Matrix(rms)
        roots.takeSquareRoots(scaledBy: 0.5)
        #expect(relativeDistance(roots.twin.values, rms.values.map { 0.5 * $0.squareRoot() }) < 1e-6)
        #expect(abs(roots.mean / (roots.twin.values.reduce(0, +) / 1031) - 1) < 1e-12)
    }
}
