import Kernels
import NaiveTwins
import Recurrent
import Testing

/// A layer's sizes: T, B, I and H.
struct LayerShape: Sendable, CustomTestStringConvertible {
    var length, batchSize, inputSize, hiddenSize: Int
    var testDescription: String { "T\(length) B\(batchSize) I\(inputSize) H\(hiddenSize)" }

    static let all = [
        LayerShape(length: 1, batchSize: 1, inputSize: 1, hiddenSize: 1),
        LayerShape(length: 5, batchSize: 3, inputSize: 7, hiddenSize: 4),
        LayerShape(length: 4, batchSize: 1, inputSize: 3, hiddenSize: 9),
        LayerShape(length: 7, batchSize: 5, inputSize: 18, hiddenSize: 33),
        LayerShape(length: 3, batchSize: 20, inputSize: 5, hiddenSize: 65),
    ]
}

@Suite struct RecurrentLayerTests {
    private struct Problem {
        let weights: NaiveRecurrentWeights
        let input, outputGradient: NaiveMatrix
        let state: NaiveState

        init(_ kind: CellKind, _ shape: LayerShape, seed: UInt64 = 1) {
            var random = NaiveRandom(seed: seed)
            let gates = kind.gateCount * shape.hiddenSize
            let rows = shape.length * shape.batchSize
            weights = NaiveRecurrentWeights(
                inputWeight: random.matrix(rows: gates, columns: shape.inputSize, scale: 0.6),
                hiddenWeight: random.matrix(rows: gates, columns: shape.hiddenSize, scale: 0.4),
                inputBias: random.matrix(rows: 1, columns: gates, scale: 0.5),
                hiddenBias: random.matrix(rows: 1, columns: gates, scale: 0.5))
            input = random.matrix(rows: rows, columns: shape.inputSize, scale: 1)
            outputGradient = random.matrix(rows: rows, columns: shape.hiddenSize, scale: 1)
            state = NaiveState(
                hidden: random.matrix(rows: shape.batchSize, columns: shape.hiddenSize, scale: 0.9),
                cell: random.matrix(rows: shape.batchSize, columns: shape.hiddenSize, scale: 0.9))
        }

        func twin(_ kind: CellKind) -> NaiveRecurrentLayer {
            NaiveRecurrentLayer(cell: kind == .lstm ? .lstm : .gru, weights: weights, input: input, state: state)
        }

        var parameters: RecurrentParameters { Self.parameters(weights) }

        func state(_ kind: CellKind) -> RecurrentState {
            RecurrentState(
                hidden: state.hidden.values.map(Float.init), cell: kind == .lstm ? state.cell.values.map(Float.init) : [])
        }

        static func parameters(_ weights: NaiveRecurrentWeights) -> RecurrentParameters {
            RecurrentParameters(
                inputWeights: Matrix(weights.inputWeight), hiddenWeights: Matrix(weights.hiddenWeight),
                inputBias: Matrix(weights.inputBias), hiddenBias: Matrix(weights.hiddenBias))
        }
    }

    private func layer(_ kind: CellKind, _ shape: LayerShape, spare: Int = 0) -> RecurrentLayer {
        RecurrentLayer(
            kind: kind, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize, batchSize: shape.batchSize,
            maximumLength: shape.length + spare)
    }

    @Test(arguments: CellKind.allCases, LayerShape.all) func outputsAndStateAreTheTwins(kind: CellKind, shape: LayerShape) {
        let problem = Problem(kind, shape)
        let twin = problem.twin(kind)
        let (output, state) = layer(kind, shape, spare: 3).forward(
            Matrix(problem.input), state: problem.state(kind), parameters: problem.parameters)
        #expect(relativeDistance(output, twin.output) < 1e-5)
        #expect(relativeDistance(state.hidden, twin.state.hidden.values) < 1e-5)
        #expect(relativeDistance(state.cell, kind == .lstm ? twin.state.cell.values : []) < 1e-5)
    }

    @Test(arguments: CellKind.allCases, LayerShape.all) func gradientsAreTheTwins(kind: CellKind, shape: LayerShape) {
        let problem = Problem(kind, shape)
        let expected = problem.twin(kind).backward(outputGradient: problem.outputGradient)
        let layer = layer(kind, shape, spare: 2)
        let (input, parameters) = (Matrix(problem.input), problem.parameters)
        let gradients = Problem.parameters(problem.weights.zeros)
        let inputGradient = Matrix(rows: input.rows, columns: input.columns)
        // Twice over the same buffers: nothing of an earlier window may remain.
        for _ in 0..<2 {
            _ = layer.forward(input, state: problem.state(kind), parameters: parameters)
            gradients.inputBias.fill(0)
            gradients.hiddenBias.fill(0)
            layer.backward(
                outputGradient: Matrix(problem.outputGradient), input: input, parameters: parameters,
                gradients: gradients, inputGradient: inputGradient)
        }
        #expect(relativeDistance(gradients.inputWeights, expected.weights.inputWeight) < 1e-5)
        #expect(relativeDistance(gradients.hiddenWeights, expected.weights.hiddenWeight) < 1e-5)
        #expect(relativeDistance(gradients.inputBias, expected.weights.inputBias) < 1e-5)
        #expect(relativeDistance(gradients.hiddenBias, expected.weights.hiddenBias) < 1e-5)
        #expect(relativeDistance(inputGradient, expected.input) < 1e-5)
    }

    @Test(arguments: CellKind.allCases) func aWindowCutInTwoGivesTheSameOutputs(kind: CellKind) {
        let shape = LayerShape(length: 7, batchSize: 3, inputSize: 4, hiddenSize: 5)
        let problem = Problem(kind, shape)
        let layer = layer(kind, shape)
        let input = Matrix(problem.input)
        let whole = layer.forward(input, state: problem.state(kind), parameters: problem.parameters)
        let expected = whole.output.toArray()
        let first = layer.forward(input.rows(0..<9), state: problem.state(kind), parameters: problem.parameters)
        let head = first.output.toArray()
        let second = layer.forward(input.rows(9..<21), state: first.state, parameters: problem.parameters)
        #expect(relativeDistance(head + second.output.toArray(), expected.map(Double.init)) < 1e-6)
        #expect(relativeDistance(second.state.hidden, whole.state.hidden.map(Double.init)) < 1e-6)
        #expect(relativeDistance(second.state.cell, whole.state.cell.map(Double.init)) < 1e-6)
    }
}
