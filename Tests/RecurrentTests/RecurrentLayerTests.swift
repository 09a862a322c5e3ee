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

        let zoneout: NaiveMatrix?

        /// - Parameter window: number of steps of the input that a step reads.
        init(_ kind: CellKind, _ shape: LayerShape, window: Int = 1, hasZoneout: Bool = false, seed: UInt64 = 1) {
            var random = NaiveRandom(seed: seed)
            let gates = kind.gateCount * shape.hiddenSize
            let rows = shape.length * shape.batchSize
            weights = NaiveRecurrentWeights(
                inputWeight: random.matrix(rows: gates, columns: window * shape.inputSize, scale: 0.6),
                hiddenWeight: random.matrix(rows: kind.hasHiddenProduct ? gates : 0, columns: shape.hiddenSize, scale: 0.4),
                inputBias: random.matrix(rows: 1, columns: gates, scale: 0.5),
                hiddenBias: random.matrix(rows: kind.hasHiddenProduct ? 1 : 0, columns: gates, scale: 0.5))
            input = random.matrix(rows: rows, columns: shape.inputSize, scale: 1)
            outputGradient = random.matrix(rows: rows, columns: shape.hiddenSize, scale: 1)
            state = NaiveState(
                hidden: random.matrix(rows: shape.batchSize, columns: shape.hiddenSize, scale: 0.9),
                cell: random.matrix(rows: shape.batchSize, columns: shape.hiddenSize, scale: 0.9),
                input: window == 2 ? random.matrix(rows: shape.batchSize, columns: shape.inputSize, scale: 0.9) : nil)
            zoneout = hasZoneout ? random.mask(rows: rows, columns: shape.hiddenSize, probability: 0.5) : nil
        }

        func twin(_ kind: CellKind) -> NaiveRecurrentLayer {
            let cell: NaiveCell = switch kind {
            case .lstm: .lstm
            case .gru: .gru
            case .qrnn: .qrnn
            }
            return NaiveRecurrentLayer(cell: cell, weights: weights, input: input, state: state, zoneout: zoneout)
        }

        var parameters: RecurrentParameters { Self.parameters(weights) }

        func state(_ kind: CellKind) -> RecurrentState {
            RecurrentState(
                hidden: state.hidden.values.map(Float.init), cell: kind != .gru ? state.cell.values.map(Float.init) : [],
                input: state.input?.values.map(Float.init))
        }

        static func parameters(_ weights: NaiveRecurrentWeights) -> RecurrentParameters {
            RecurrentParameters(
                inputWeights: Matrix(weights.inputWeight), hiddenWeights: Matrix(weights.hiddenWeight),
                inputBias: Matrix(weights.inputBias), hiddenBias: Matrix(weights.hiddenBias))
        }
    }

    private func layer(_ kind: CellKind, _ shape: LayerShape, window: Int = 1, spare: Int = 0) -> RecurrentLayer {
        RecurrentLayer(
            kind: kind, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize, batchSize: shape.batchSize,
            maximumLength: shape.length + spare, inputWindow: window)
    }

    /// Each cell, and the QRNN with a window of two, with zoneout, and with both.
    private static let variants: [(kind: CellKind, window: Int, hasZoneout: Bool)] =
        CellKind.allCases.map { ($0, 1, false) } + [(.qrnn, 2, false), (.qrnn, 1, true), (.qrnn, 2, true)]

    @Test(arguments: variants, LayerShape.all)
    func outputsAndStateAreTheTwins(variant: (kind: CellKind, window: Int, hasZoneout: Bool), shape: LayerShape) {
        let kind = variant.kind
        let problem = Problem(kind, shape, window: variant.window, hasZoneout: variant.hasZoneout)
        let twin = problem.twin(kind)
        let (output, state) = layer(kind, shape, window: variant.window, spare: 3).forward(
            Matrix(problem.input), state: problem.state(kind), parameters: problem.parameters, zoneout: problem.zoneout.map(Matrix.init))
        #expect(relativeDistance(output, twin.output) < 1e-5)
        #expect(relativeDistance(state.hidden, twin.state.hidden.values) < 1e-5)
        #expect(relativeDistance(state.cell, kind != .gru ? twin.state.cell.values : []) < 1e-5)
        #expect(relativeDistance(state.input ?? [], twin.state.input?.values ?? []) < 1e-5)
    }

    @Test(arguments: variants, LayerShape.all)
    func gradientsAreTheTwins(variant: (kind: CellKind, window: Int, hasZoneout: Bool), shape: LayerShape) {
        let kind = variant.kind
        let problem = Problem(kind, shape, window: variant.window, hasZoneout: variant.hasZoneout)
        let zoneout = problem.zoneout.map(Matrix.init)
        let expected = problem.twin(kind).backward(outputGradient: problem.outputGradient)
        let layer = layer(kind, shape, window: variant.window, spare: 2)
        let (input, parameters) = (Matrix(problem.input), problem.parameters)
        let gradients = Problem.parameters(problem.weights.zeros)
        let inputGradient = Matrix(rows: input.rows, columns: input.columns)
        // Twice over the same buffers: nothing of an earlier window may remain.
        for _ in 0..<2 {
            _ = layer.forward(input, state: problem.state(kind), parameters: parameters, zoneout: zoneout)
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

    /// What a pass relies on: the gradient of the input takes the place of the output's, and that of the weights under dropout theirs.
    @Test(arguments: variants, LayerShape.all)
    func gradientsMayLieWhereWhatTheyComeFromWas(variant: (kind: CellKind, window: Int, hasZoneout: Bool), shape: LayerShape) {
        let kind = variant.kind
        let problem = Problem(kind, shape, window: variant.window, hasZoneout: variant.hasZoneout)
        let zoneout = problem.zoneout.map(Matrix.init)
        let input = Matrix(problem.input)
        func backward(inPlace: Bool) -> (weights: [[Float]], input: [Float]) {
            let layer = layer(kind, shape, window: variant.window)
            var parameters = problem.parameters
            let gradients = Problem.parameters(problem.weights.zeros)
            let outputs = Matrix(problem.outputGradient)
            let width = max(outputs.columns, input.columns)
            let sequence = Buffer(count: outputs.rows * width)
            func view(_ columns: Int) -> Matrix { Matrix(buffer: sequence, offset: 0, rows: outputs.rows, columns: columns, stride: columns) }
            let outputGradient = view(outputs.columns)
            outputGradient.assign(outputs)
            if inPlace {
                gradients.droppedWeights.assign(parameters.droppedWeights)
                parameters.droppedWeights = gradients.droppedWeights
            }
            _ = layer.forward(input, state: problem.state(kind), parameters: parameters, zoneout: zoneout)
            let inputGradient = inPlace ? view(input.columns) : Matrix(rows: input.rows, columns: input.columns)
            layer.backward(
                outputGradient: outputGradient, input: input, parameters: parameters, gradients: gradients, inputGradient: inputGradient)
            return ([gradients.inputWeights, gradients.hiddenWeights, gradients.inputBias].map { $0.toArray() }, inputGradient.toArray())
        }
        let (there, apart) = (backward(inPlace: true), backward(inPlace: false))
        #expect(there.weights == apart.weights)
        #expect(there.input == apart.input)
    }

    @Test(arguments: variants) func aWindowCutInTwoGivesTheSameOutputs(variant: (kind: CellKind, window: Int, hasZoneout: Bool)) {
        let kind = variant.kind
        let shape = LayerShape(length: 7, batchSize: 3, inputSize: 4, hiddenSize: 5)
        let problem = Problem(kind, shape, window: variant.window, hasZoneout: variant.hasZoneout)
        let layer = layer(kind, shape, window: variant.window)
        let (input, zoneout) = (Matrix(problem.input), problem.zoneout.map(Matrix.init))
        func forward(_ rows: Range<Int>, from state: RecurrentState) -> (output: Matrix, state: RecurrentState) {
            layer.forward(input.rows(rows), state: state, parameters: problem.parameters, zoneout: zoneout?.rows(rows))
        }
        let whole = forward(0..<21, from: problem.state(kind))
        let expected = whole.output.toArray()
        let first = forward(0..<9, from: problem.state(kind))
        let head = first.output.toArray()
        let second = forward(9..<21, from: first.state)
        #expect(relativeDistance(head + second.output.toArray(), expected.map(Double.init)) < 1e-6)
        #expect(relativeDistance(second.state.hidden, whole.state.hidden.map(Double.init)) < 1e-6)
        #expect(relativeDistance(second.state.cell, whole.state.cell.map(Double.init)) < 1e-6)
        #expect(second.state.input == whole.state.input)
    }

    /// The mean of all masks, the same at every step, is a factor as any other.
    @Test func zoneoutOfOneStepIsThatOfAllSteps() {
        let shape = LayerShape(length: 4, batchSize: 3, inputSize: 5, hiddenSize: 7)
        let problem = Problem(.qrnn, shape, window: 2)
        let layer = layer(.qrnn, shape, window: 2)
        func output(rows: Int) -> [Float] {
            let factors = Matrix(rows: rows, columns: shape.hiddenSize)
            factors.fill(0.7)
            return layer.forward(
                Matrix(problem.input), state: problem.state(.qrnn), parameters: problem.parameters, zoneout: factors).output.toArray()
        }
        #expect(output(rows: 3) == output(rows: 12))
        let none = layer.forward(Matrix(problem.input), state: problem.state(.qrnn), parameters: problem.parameters).output.toArray()
        #expect(output(rows: 3) != none)
    }
}
