import Kernels

extension Matrix {
    /// Time step `index` of a sequence [T, B, W]: B rows.
    func step(_ index: Int, of batchSize: Int) -> Matrix { rows(index * batchSize..<(index + 1) * batchSize) }
}

/// Runs a cell over the time steps of a window, forward and back.
///
/// The input products of all steps are one matrix product, as are the gradients of each weight matrix; only the hidden
/// product, where the cell has one, is done step by step. Gradients do not flow past the window.
public final class RecurrentLayer {
    public let kind: CellKind
    /// I.
    public let inputSize: Int
    /// H.
    public let hiddenSize: Int
    /// B.
    public let batchSize: Int
    /// Number of steps of the input that a step reads, 1 or 2.
    public let inputWindow: Int
    private let path: ProductPath
    private let cell: any RecurrentCell
    /// [B, I], the input before the window, where a step reads that of the step before.
    private let inputBefore: Matrix?
    /// [(T+1)·B, H], the first B rows before the window.
    private let outputs: Matrix

    /// Allocates the buffers for windows of up to `maximumLength` steps.
    ///
    /// - Parameters:
    ///   - inputWindow: number of steps of the input that a step reads, 1 or 2; see ``CellKind/inputWindow(layer:)``.
    ///   - precision: of all its matrix products; the machine must have what it needs.
    ///   - packed: may be shared by layers that run in turns.
    ///   - memory: may be shared by the layers of passes that run in turns.
    public init(
        kind: CellKind, inputSize: Int, hiddenSize: Int, batchSize: Int, maximumLength: Int, inputWindow: Int = 1,
        precision: Precision = .float32, packed: PackedWeights = PackedWeights(), memory: SequenceMemory = SequenceMemory()
    ) {
        precondition(inputWindow == 1 || inputWindow == 2, "a step reads one step of the input, or two")
        self.kind = kind
        self.inputSize = inputSize
        self.hiddenSize = hiddenSize
        self.batchSize = batchSize
        self.inputWindow = inputWindow
        path = .preferred(for: precision)
        inputBefore = inputWindow == 2 ? Matrix(rows: batchSize, columns: inputSize) : nil
        let cellType: any RecurrentCell.Type = switch kind {
        case .lstm: LSTMCell.self
        case .gru: GRUCell.self
        case .qrnn: QRNNCell.self
        }
        cell = cellType.init(
            batchSize: batchSize, hiddenSize: hiddenSize, maximumLength: maximumLength, path: path, packed: packed, memory: memory)
        outputs = memory.matrix(rows: (maximumLength + 1) * batchSize, columns: hiddenSize)
    }

    /// Runs the window `input` [T·B, I] and returns the outputs [T·B, H], valid until the next call, and the state after it.
    ///
    /// - Parameter zoneout: what the QRNN's gate f is multiplied by, [T·B, H], or [B, H] for all steps alike; nil for nothing.
    ///   They must not change until the window's gradients are there.
    public func forward(
        _ input: Matrix, state: RecurrentState, parameters: RecurrentParameters, zoneout: Matrix? = nil
    ) -> (output: Matrix, state: RecurrentState) {
        let length = input.rows / batchSize
        StepProfile.measure(.inputProjections) { projectInput(input, before: state.input, parameters.inputWeights) }
        outputs.step(0, of: batchSize).assign(state.hidden)
        cell.begin(from: state, parameters: parameters, zoneout: zoneout)
        for step in 0..<length {
            cell.forward(
                step: step, parameters: parameters, before: outputs.step(step, of: batchSize),
                output: outputs.step(step + 1, of: batchSize))
        }
        let state = RecurrentState(
            hidden: outputs.step(length, of: batchSize).toArray(), cell: cell.carriedCell(after: length),
            input: inputWindow == 2 ? input.step(length - 1, of: batchSize).toArray() : nil)
        return (outputs.rows(batchSize..<(length + 1) * batchSize), state)
    }

    /// The gradients of the last ``forward(_:state:parameters:zoneout:)``.
    ///
    /// - Parameters:
    ///   - outputGradient: [T·B, H]; used up.
    ///   - input: [T·B, I] and `parameters`: as they were in the forward pass.
    ///   - gradients: overwritten, when `parameters` are no longer read, so that these may lie there.
    ///   - inputGradient: [T·B, I], written, when `outputGradient` is used up, in whose memory it may lie.
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
        StepProfile.measure(.inputProjections) {
            multiply(inputGates, own(parameters.inputWeights), into: inputGradient, path: path)
            if inputWindow == 2, rows > batchSize {
                multiply(later(inputGates), before(parameters.inputWeights), into: earlier(inputGradient), beta: 1, path: path)
            }
        }
        StepProfile.measure(.weightGradients) {
            multiply(inputGates.transposed, input, into: own(gradients.inputWeights), path: path)
            if let inputBefore {
                multiply(inputGates.step(0, of: batchSize).transposed, inputBefore, into: before(gradients.inputWeights), path: path)
                if rows > batchSize {
                    multiply(later(inputGates).transposed, earlier(input), into: before(gradients.inputWeights), beta: 1, path: path)
                }
            }
            gradients.inputBias.fill(0)
            gradients.inputBias.addColumnSums(of: inputGates)
            guard kind.hasHiddenProduct else { return }
            multiply(hiddenGates.transposed, outputs.rows(0..<rows), into: gradients.hiddenWeights, path: path)
            gradients.hiddenBias.fill(0)
            gradients.hiddenBias.addColumnSums(of: hiddenGates)
        }
    }

    /// The input products of all steps.
    private func projectInput(_ input: Matrix, before carried: [Float]?, _ weights: Matrix) {
        let gates = cell.inputGates.rows(0..<input.rows)
        multiply(input, own(weights).transposed, into: gates, path: path)
        guard let inputBefore else { return }
        guard let carried else { preconditionFailure("the state has no input before the window") }
        inputBefore.assign(carried)
        multiply(inputBefore, before(weights).transposed, into: gates.step(0, of: batchSize), beta: 1, path: path)
        if input.rows > batchSize { multiply(earlier(input), before(weights).transposed, into: later(gates), beta: 1, path: path) }
    }

    /// The columns of input weights that meet a step's own input, and those that meet the input of the step before.
    private func own(_ weights: Matrix) -> Matrix { weights.columns(0..<inputSize) }
    private func before(_ weights: Matrix) -> Matrix { weights.columns(inputSize..<2 * inputSize) }

    /// All steps of a sequence but the last, and all but the first.
    private func earlier(_ sequence: Matrix) -> Matrix { sequence.rows(0..<sequence.rows - batchSize) }
    private func later(_ sequence: Matrix) -> Matrix { sequence.rows(batchSize..<sequence.rows) }
}
