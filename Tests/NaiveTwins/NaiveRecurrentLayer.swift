/// A recurrent layer run over a window, one stream and one time step at a time.
///
/// Weight-dropping is the caller's: it passes a masked hidden weight and masks the gradient that comes back.
public struct NaiveRecurrentLayer {
    /// [T, B, H]
    public let output: NaiveMatrix
    /// The state after the last step.
    public let state: NaiveState

    private let weights: NaiveRecurrentWeights
    private let batchSize: Int
    private let steps: [any NaiveStep]
    private let inputSize: Int

    /// Runs the layer forward.
    ///
    /// - Parameters:
    ///   - input: [T, B, I].
    ///   - zoneout: [T, B, H], the factors of the QRNN's gate; nil for ones.
    public init(
        cell: NaiveCell, weights: NaiveRecurrentWeights, input: NaiveMatrix, state: NaiveState, zoneout: NaiveMatrix? = nil
    ) {
        let batchSize = state.hidden.rows
        let hiddenSize = weights.hiddenSize
        var state = state
        var steps: [any NaiveStep] = []
        var output = NaiveMatrix(rows: input.rows, columns: hiddenSize)
        for row in 0..<input.rows {
            let stream = row % batchSize
            let step: any NaiveStep =
                switch cell {
                case .lstm:
                    NaiveLSTMStep(
                        input: input.row(row), hidden: state.hidden.row(stream), cell: state.cell.row(stream),
                        weights: weights)
                case .gru:
                    NaiveGRUStep(input: input.row(row), hidden: state.hidden.row(stream), weights: weights)
                case .qrnn:
                    NaiveQRNNStep(
                        input: input.row(row) + (state.input?.row(stream) ?? []), cell: state.cell.row(stream),
                        factors: zoneout?.row(row), weights: weights)
                }
            state.hidden.setRow(stream, to: step.hidden)
            state.input?.setRow(stream, to: input.row(row))
            if cell != .gru { state.cell.setRow(stream, to: step.cell) }
            output.setRow(row, to: step.hidden)
            steps.append(step)
        }
        self.output = output
        self.state = state
        self.weights = weights
        self.batchSize = batchSize
        self.steps = steps
        inputSize = input.columns
    }

    /// Runs the layer backward from dL/d(output), [T, B, H]; the state carried in is a constant.
    ///
    /// - Returns: dL/d(input), [T, B, I], and the gradients of the weights that were passed in.
    public func backward(outputGradient: NaiveMatrix) -> (input: NaiveMatrix, weights: NaiveRecurrentWeights) {
        let zeros = Array(repeating: 0.0, count: weights.hiddenSize)
        var hiddenGradients = Array(repeating: zeros, count: batchSize)
        var cellGradients = hiddenGradients
        var gradients = weights.zeros
        var inputGradient = NaiveMatrix(rows: outputGradient.rows, columns: inputSize)
        for row in (0..<outputGradient.rows).reversed() {
            let stream = row % batchSize
            let arriving = zip(outputGradient.row(row), hiddenGradients[stream]).map { $0 + $1 }
            let before = steps[row].backward(
                hiddenGradient: arriving, cellGradient: cellGradients[stream], weights: weights, gradients: &gradients)
            inputGradient.addToRow(row, Array(before.input.prefix(inputSize)))
            // What a step read of the step before; that of an earlier window is a constant.
            if before.input.count > inputSize, row >= batchSize {
                inputGradient.addToRow(row - batchSize, Array(before.input.dropFirst(inputSize)))
            }
            hiddenGradients[stream] = before.hidden
            cellGradients[stream] = before.cell
        }
        return (inputGradient, gradients)
    }
}
