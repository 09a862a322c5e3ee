import Kernels
import NaiveTwins
import Testing

@Suite struct ElementwiseTests {
    @Test func aMaskOfOneStepMeetsEveryTimeStep() {
        var random = NaiveRandom(seed: 2)
        let sequence = random.matrix(rows: 5 * 3, columns: 7, scale: 1)
        let mask = random.mask(rows: 3, columns: 7, probability: 0.4)
        let result = Matrix(rows: 15, columns: 7)
        Matrix(sequence).multiply(by: Matrix(mask), into: result)
        #expect(relativeDistance(result.twin, NaiveLockedDropout.apply(sequence, mask: mask)) < 1e-7)
    }

    @Test(arguments: [1, 3, 17, 4099]) func productAndSum(count: Int) {
        var random = NaiveRandom(seed: 3)
        let a = random.matrix(rows: 1, columns: count, scale: 2)
        let b = random.matrix(rows: 1, columns: count, scale: 2)
        let result = Matrix(a)
        result.multiply(by: Matrix(b))
        #expect(relativeDistance(result.twin.values, zip(a.values, b.values).map { $0 * $1 }) < 1e-6)
        result.assign(Matrix(a))
        result.add(Matrix(b), scaledBy: 0.75)
        #expect(relativeDistance(result.twin.values, zip(a.values, b.values).map { $0 + 0.75 * $1 }) < 1e-6)
    }

    @Test func columnSumsAreAddedToWhatIsThere() {
        var random = NaiveRandom(seed: 4)
        let matrix = random.matrix(rows: 9, columns: 13, scale: 1)
        let start = random.matrix(rows: 1, columns: 13, scale: 1)
        let sums = Matrix(start)
        sums.addColumnSums(of: Matrix(strided: matrix, gap: 4))
        let expected = (0..<13).map { column in
            start[0, column] + (0..<9).reduce(0) { $0 + matrix[$1, column] }
        }
        #expect(relativeDistance(sums.twin.values, expected) < 1e-6)
    }

    @Test(arguments: [1, 5, 4096, 4097, 20011]) func sumOfSquares(count: Int) {
        var random = NaiveRandom(seed: 5)
        let values = random.matrix(rows: 1, columns: count, scale: 3)
        let expected = values.values.reduce(0) { $0 + $1 * $1 }
        #expect(abs(Matrix(values).sumOfSquares / expected - 1) < 1e-6)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func oneValueThatIsNotFiniteShows(value: Float) {
        let matrix = Matrix(rows: 3, columns: 7)
        #expect(matrix.sumOfSquares == 0)
        matrix[2, 6] = value
        #expect(!matrix.sumOfSquares.isFinite)
    }

    @Test func differencePenaltyIsTemporalActivationRegularization() {
        var random = NaiveRandom(seed: 6)
        let (steps, batch, width, beta) = (5, 3, 7, 1.5)
        let sequence = random.matrix(rows: steps * batch, columns: width, scale: 1)
        let start = random.matrix(rows: steps * batch, columns: width, scale: 0.01)
        let terms = Double((steps - 1) * batch * width)
        let gradient = Matrix(start)
        let squares = Matrix(sequence).addDifferencePenaltyGradient(
            step: batch, factor: Float(2 * beta / terms), to: gradient)
        let expected = NaiveTemporalActivationRegularization.evaluate(sequence, batchSize: batch, beta: beta)
        #expect(abs(beta * squares / terms / expected.loss - 1) < 1e-6)
        let sum = zip(start.values, expected.gradient.values).map { $0 + $1 }
        #expect(relativeDistance(gradient.twin.values, sum) < 1e-6)
    }
}
