import Kernels

extension Matrix {
    /// Time step `index` of a sequence [T, B, W]: B rows.
    func step(_ index: Int, of batchSize: Int) -> Matrix { rows(index * batchSize..<(index + 1) * batchSize) }
}

/// Runs a cell over the time steps of a window, forward and back.
///
/// The input products of all steps are one matrix product, as are the gradients of each weight matrix; only the hidden
/// product is done step by step. Gradients do not flow past the window.
public final class RecurrentLayer {
    public let kind: CellKind
    /// I.
    public let inputSize: Int
    /// H.
    public let hiddenSize: Int
    /// B.
    public let batchSize: Int
    private let cell: any RecurrentCell
    /// [(T+1)·B, H], the first B rows before the window.
    private let outputs: Matrix

    /// Allocates the buffers for windows of up to `maximumLength` steps.
    ///
    /// - Parameter packed: may be shared by layers that run in turns.
    public init(
        kind: CellKind, inputSize: Int, hiddenSize: Int, batchSize: Int, maximumLength: Int, packed: PackedWeights = PackedWeights()
    ) {
        self.kind = kind
        self.inputSize = inputSize
        self.hiddenSize = hiddenSize
        self.batchSize = batchSize
        cell = switch kind {
        case .lstm: LSTMCell(batchSize: batchSize, hiddenSize: hiddenSize, maximumLength: maximumLength, packed: packed)
        case .gru: GRUCell(batchSize: batchSize, hiddenSize: hiddenSize, maximumLength: maximumLength, packed: packed)
        }
        outputs = Matrix(rows: (maximumLength + 1) * batchSize, columns: hiddenSize)
    }

    /// Runs the window `input` [T·B, I] and returns the outputs [T·B, H], valid until the next call, and the state after it.
    public func forward(
        _ input: Matrix, state: RecurrentState, parameters: RecurrentParameters
    ) -> (output: Matrix, state: RecurrentState) {
        let length = input.rows / batchSize
        StepProfile.measure(.inputProjections) {
            multiply(input, parameters.inputWeights.transposed, into: cell.inputGates.rows(0..<input.rows))
        }
        outputs.step(0, of: batchSize).assign(state.hidden)
        cell.begin(from: state, parameters: parameters)
        for step in 0..<length {
            cell.forward(
                step: step, parameters: parameters, before: outputs.step(step, of: batchSize),
                output: outputs.step(step + 1, of: batchSize))
        }
        let state = RecurrentState(
            hidden: outputs.step(length, of: batchSize).toArray(), cell: cell.carriedCell(after: length))
        return (outputs.rows(batchSize..<(length + 1) * batchSize), state)
    }

    /// The gradients of the last ``forward(_:state:parameters:)``.
    ///
    /// - Parameters:
    ///   - outputGradient: [T·B, H]; used up.
    ///   - input: [T·B, I] and `parameters`: as they were in the forward pass.
    ///   - gradients: overwritten.
    ///   - inputGradient: [T·B, I], written.
    public func backward(
        outputGradient: Matrix, input: Matrix, parameters: RecurrentParameters, gradients: RecurrentParameters,
        inputGradient: Matrix
    ) {
        let rows = input.rows
        cell.beginBackward()
        for step in (0..<rows / batchSize).reversed() {
            cell.backward(
                step: step, before: outputs.step(step, of: batchSize),
                outputGradient: outputGradient.step(step, of: batchSize))
        }
        let inputGates = cell.inputGates.rows(0..<rows)
        let hiddenGates = cell.hiddenGates.rows(0..<rows)
        StepProfile.measure(.weightGradients) {
            multiply(inputGates.transposed, input, into: gradients.inputWeights)
            multiply(hiddenGates.transposed, outputs.rows(0..<rows), into: gradients.hiddenWeights)
            for (bias, gates) in [(gradients.inputBias, inputGates), (gradients.hiddenBias, hiddenGates)] {
                bias.fill(0)
                bias.addColumnSums(of: gates)
            }
        }
        StepProfile.measure(.inputProjections) { multiply(inputGates, parameters.inputWeights, into: inputGradient) }
    }
}
