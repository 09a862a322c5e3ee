import Foundation
import Kernels
import NaiveTwins
import Testing

@Suite struct CellKernelTests {
    private static let shapes = [(1, 1), (3, 5), (20, 37), (2, 64)]

    private struct Problem {
        let weights: NaiveRecurrentWeights
        /// [B, I], [B, H], [B, H]
        let input, hidden, cell: NaiveMatrix
        /// [B, H], arriving from above and from the next step.
        let hiddenGradient, cellGradient: NaiveMatrix

        init(gates: Int, batch: Int, size: Int, scale: Double) {
            var random = NaiveRandom(seed: UInt64(batch * 100 + size))
            weights = NaiveRecurrentWeights(
                inputWeight: random.matrix(rows: gates * size, columns: 3, scale: scale),
                hiddenWeight: random.matrix(rows: gates * size, columns: size, scale: scale),
                inputBias: random.matrix(rows: 1, columns: gates * size, scale: 1),
                hiddenBias: random.matrix(rows: 1, columns: gates * size, scale: 1))
            input = random.matrix(rows: batch, columns: 3, scale: 1)
            hidden = random.matrix(rows: batch, columns: size, scale: 1)
            cell = random.matrix(rows: batch, columns: size, scale: 1)
            hiddenGradient = random.matrix(rows: batch, columns: size, scale: 1)
            cellGradient = random.matrix(rows: batch, columns: size, scale: 1)
        }

        /// W x a stream, [B, G·H].
        var fromInput: NaiveMatrix { rows { weights.inputWeight.times(input.row($0)) } }
        /// U h a stream, [B, G·H].
        var fromHidden: NaiveMatrix { rows { weights.hiddenWeight.times(hidden.row($0)) } }

        func rows(_ row: (Int) -> [Double]) -> NaiveMatrix {
            let rows = (0..<input.rows).map(row)
            return NaiveMatrix(rows: rows.count, columns: rows[0].count, values: Array(rows.joined()))
        }
    }

    @Test(arguments: shapes, [0.5, 5.0]) func lstmStep(shape: (Int, Int), scale: Double) {
        let (batch, size) = shape
        let problem = Problem(gates: 4, batch: batch, size: size, scale: scale)
        let weights = problem.weights
        let steps = (0..<batch).map {
            NaiveLSTMStep(
                input: problem.input.row($0), hidden: problem.hidden.row($0), cell: problem.cell.row($0),
                weights: weights)
        }
        var fromInput = problem.fromInput
        let fromHidden = problem.fromHidden
        for index in fromInput.values.indices { fromInput.values[index] += fromHidden.values[index] }
        let gates = Matrix(fromInput)
        let (cellBefore, cell, output) = (
            Matrix(problem.cell), Matrix(rows: batch, columns: size), Matrix(rows: batch, columns: size)
        )
        LSTMKernel.forward(
            gates: gates, inputBias: Matrix(weights.inputBias), hiddenBias: Matrix(weights.hiddenBias),
            cellBefore: cellBefore, cell: cell, output: output)
        #expect(relativeDistance(output.twin, problem.rows { steps[$0].hidden }) < 1e-5)
        #expect(relativeDistance(cell.twin, problem.rows { steps[$0].cell }) < 1e-5)

        let cellGradient = Matrix(problem.cellGradient)
        LSTMKernel.backward(
            gates: gates, cellBefore: cellBefore, cell: cell, outputGradient: Matrix(problem.hiddenGradient),
            cellGradient: cellGradient)
        let backward = (0..<batch).map { stream in
            var gradients = weights.zeros
            let before = steps[stream].backward(
                hiddenGradient: problem.hiddenGradient.row(stream), cellGradient: problem.cellGradient.row(stream),
                weights: weights, gradients: &gradients)
            return (gradients.inputBias.values, before.cell)
        }
        #expect(relativeDistance(gates.twin, problem.rows { backward[$0].0 }) < 1e-5)
        #expect(relativeDistance(cellGradient.twin, problem.rows { backward[$0].1 }) < 1e-5)
    }

    @Test(arguments: shapes, [0.5, 5.0]) func gruStep(shape: (Int, Int), scale: Double) {
        let (batch, size) = shape
        let problem = Problem(gates: 3, batch: batch, size: size, scale: scale)
        let weights = problem.weights
        let steps = (0..<batch).map {
            NaiveGRUStep(input: problem.input.row($0), hidden: problem.hidden.row($0), weights: weights)
        }
        let (inputGates, hiddenGates) = (Matrix(problem.fromInput), Matrix(problem.fromHidden))
        let (before, output) = (Matrix(problem.hidden), Matrix(rows: batch, columns: size))
        GRUKernel.forward(
            inputGates: inputGates, hiddenGates: hiddenGates, inputBias: Matrix(weights.inputBias),
            hiddenBias: Matrix(weights.hiddenBias), outputBefore: before, output: output)
        #expect(relativeDistance(output.twin, problem.rows { steps[$0].hidden }) < 1e-5)

        let beforeGradient = Matrix(rows: batch, columns: size)
        beforeGradient.fill(.nan)
        GRUKernel.backward(
            inputGates: inputGates, hiddenGates: hiddenGates, outputBefore: before,
            outputGradient: Matrix(problem.hiddenGradient), outputBeforeGradient: beforeGradient)
        let backward = (0..<batch).map { stream in
            var gradients = weights.zeros
            let before = steps[stream].backward(
                hiddenGradient: problem.hiddenGradient.row(stream), cellGradient: [], weights: weights,
                gradients: &gradients)
            let product = weights.hiddenWeight.transposedTimes(gradients.hiddenBias.values)
            return (
                gradients.inputBias.values, gradients.hiddenBias.values, zip(before.hidden, product).map { $0 - $1 }
            )
        }
        #expect(relativeDistance(inputGates.twin, problem.rows { backward[$0].0 }) < 1e-5)
        #expect(relativeDistance(hiddenGates.twin, problem.rows { backward[$0].1 }) < 1e-5)
        #expect(relativeDistance(beforeGradient.twin, problem.rows { backward[$0].2 }) < 1e-5)
    }

    /// The factors are those of a step with zoneout, and others.
    @Test(arguments: shapes, [0.5, 5.0]) func qrnnStep(shape: (Int, Int), scale: Double) {
        let (batch, size) = shape
        let problem = Problem(gates: 3, batch: batch, size: size, scale: scale)
        var weights = problem.weights
        weights.hiddenWeight = NaiveMatrix(rows: 0, columns: size)
        weights.hiddenBias = NaiveMatrix(rows: 0, columns: 3 * size)
        var random = NaiveRandom(seed: 9)
        let factors = NaiveMatrix(rows: batch, columns: size, values: (0..<batch * size).map { _ in [0, 1, 0.7].randomElement(using: &random) ?? 1 })
        let steps = (0..<batch).map {
            NaiveQRNNStep(input: problem.input.row($0), cell: problem.cell.row($0), factors: factors.row($0), weights: weights)
        }
        let gates = Matrix(problem.fromInput)
        let (cellBefore, cell, output) = (Matrix(problem.cell), Matrix(rows: batch, columns: size), Matrix(rows: batch, columns: size))
        QRNNKernel.forward(
            gates: gates, bias: Matrix(weights.inputBias), factors: Matrix(factors), cellBefore: cellBefore, cell: cell, output: output)
        #expect(relativeDistance(output.twin, problem.rows { steps[$0].hidden }) < 1e-5)
        #expect(relativeDistance(cell.twin, problem.rows { steps[$0].cell }) < 1e-5)

        let cellGradient = Matrix(problem.cellGradient)
        QRNNKernel.backward(
            gates: gates, factors: Matrix(factors), cellBefore: cellBefore, cell: cell, outputGradient: Matrix(problem.hiddenGradient),
            cellGradient: cellGradient)
        let backward = (0..<batch).map { stream in
            var gradients = weights.zeros
            let before = steps[stream].backward(
                hiddenGradient: problem.hiddenGradient.row(stream), cellGradient: problem.cellGradient.row(stream),
                weights: weights, gradients: &gradients)
            return (gradients.inputBias.values, before.cell)
        }
        #expect(relativeDistance(gates.twin, problem.rows { backward[$0].0 }) < 1e-5)
        #expect(relativeDistance(cellGradient.twin, problem.rows { backward[$0].1 }) < 1e-5)
    }

    /// σ and tanh stay within their bounds and precise far out and near zero.
    @Test func activationsSaturateWithoutOverflow() {
        let sums: [Float] = [-1000, -90, -20, -1, -0.6, -1e-4, 0, 1e-20, 0.01, 0.62, 0.63, 3, 9, 20, 88, 90, 1000]
        let size = sums.count
        let gates = Matrix(rows: 1, columns: 4 * size)
        gates.assign(sums + sums + sums + sums)
        let (zero, cell, output) = (
            Matrix(rows: 1, columns: size), Matrix(rows: 1, columns: size), Matrix(rows: 1, columns: size)
        )
        LSTMKernel.forward(
            gates: gates, inputBias: Matrix(rows: 1, columns: 4 * size), hiddenBias: Matrix(rows: 1, columns: 4 * size),
            cellBefore: zero, cell: cell, output: output)
        for (index, sum) in sums.enumerated() {
            let sigmoid = 1 / (1 + exp(-Double(sum)))
            let hyperbolicTangent = tanh(Double(sum))
            #expect(abs(Double(gates[0, index]) - sigmoid) <= 1e-6 * sigmoid + 1e-37, "σ(\(sum))")
            let error = abs(Double(gates[0, 2 * size + index]) - hyperbolicTangent)
            #expect(error <= 1e-6 * abs(hyperbolicTangent), "tanh(\(sum))")
        }
    }
}
