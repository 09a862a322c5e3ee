import Kernels
import Regularizers
import Testing

@Suite struct ActivationPenaltyTests {
    /// [T, B, E] = [3, 2, 1]: the streams 1, 2, 4 and 0, 3, -1.
    private var output: Matrix {
        let matrix = Matrix(rows: 6, columns: 1)
        matrix.assign([1, 0, 2, 3, 4, -1])
        return matrix
    }

    private func expectClose(_ actual: Matrix, _ expected: [Float]) {
        for (a, e) in zip(actual.toArray(), expected) { #expect(abs(a - e) < 1e-6) }
    }

    @Test func arIsTheMeanSquare() {
        let gradient = Matrix(rows: 6, columns: 1)
        gradient.fill(10)
        let loss = ActivationRegularization(strength: 3).addGradient(of: output, to: gradient)
        #expect(abs(loss - 3 * (1 + 0 + 4 + 9 + 16 + 1) / 6) < 1e-6)
        expectClose(gradient, [1, 0, 2, 3, 4, -1].map { 10 + $0 })  // 2 · 3 / 6 = 1 times the output
    }

    @Test func tarIsTheMeanSquareOfTheDifferencesWithinAStream() {
        let gradient = Matrix(rows: 6, columns: 1)
        gradient.fill(10)
        let loss = TemporalActivationRegularization(strength: 2).addGradient(of: output, batchSize: 2, to: gradient)
        #expect(abs(loss - 2 * (1 + 4 + 9 + 16) / 4) < 1e-6)
        expectClose(gradient, [-1, -3, 1 - 2, 3 + 4, 2, -4].map { 10 + $0 })  // 2 · 2 / 4 = 1 times the difference
    }

    @Test func tarOfOneStepIsNothing() {
        let gradient = Matrix(rows: 6, columns: 1)
        #expect(TemporalActivationRegularization(strength: 2).addGradient(of: output, batchSize: 6, to: gradient) == 0)
        #expect(gradient.toArray() == Array(repeating: 0, count: 6))
    }
}
