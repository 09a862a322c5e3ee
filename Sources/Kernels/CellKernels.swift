import CKernels

/// The pointwise half of one LSTM time step, forward and backward. Gates in the order input, forget, cell, output.
public enum LSTMKernel {
    /// - Parameters:
    ///   - gates: [B, 4H], the two matrix products; becomes the activations.
    ///   - inputBias: [1, 4H]. - hiddenBias: [1, 4H].
    ///   - cellBefore: [B, H]. - cell: [B, H], written. - output: [B, H], written.
    public static func forward(
        gates: Matrix, inputBias: Matrix, hiddenBias: Matrix, cellBefore: Matrix, cell: Matrix, output: Matrix
    ) {
        let (batch, hidden) = shape([cellBefore, cell, output], gates: [gates], biases: [inputBias, hiddenBias], blocks: 4)
        forEachPart(of: batch) { part in
            let (state, gate) = (part.lowerBound * hidden, part.lowerBound * 4 * hidden)
            ck_lstm_forward(
                part.count, hidden, gates.pointer + gate, inputBias.pointer, hiddenBias.pointer, cellBefore.pointer + state,
                cell.pointer + state, output.pointer + state)
        }
    }

    /// - Parameters:
    ///   - gates: [B, 4H], the activations; becomes the gradient of the pre-activations.
    ///   - outputGradient: [B, H], of this step's output, from above and from the next step.
    ///   - cellGradient: [B, H], of this step's cell; becomes that of the step before.
    public static func backward(
        gates: Matrix, cellBefore: Matrix, cell: Matrix, outputGradient: Matrix, cellGradient: Matrix
    ) {
        let (batch, hidden) = shape([cellBefore, cell, outputGradient, cellGradient], gates: [gates], biases: [], blocks: 4)
        forEachPart(of: batch) { part in
            let (state, gate) = (part.lowerBound * hidden, part.lowerBound * 4 * hidden)
            ck_lstm_backward(
                part.count, hidden, gates.pointer + gate, cellBefore.pointer + state, cell.pointer + state,
                outputGradient.pointer + state, cellGradient.pointer + state)
        }
    }
}

/// The pointwise half of one GRU time step, forward and backward. Gates in the order reset, update, new, the reset gate
/// applied after the hidden product (the variant of PyTorch and cuDNN).
public enum GRUKernel {
    /// - Parameters:
    ///   - inputGates: [B, 3H], the input product; becomes the activations.
    ///   - hiddenGates: [B, 3H], the hidden product; its last third becomes W_hn h + b_hn.
    ///   - outputBefore: [B, H]. - output: [B, H], written.
    public static func forward(
        inputGates: Matrix, hiddenGates: Matrix, inputBias: Matrix, hiddenBias: Matrix, outputBefore: Matrix,
        output: Matrix
    ) {
        let (batch, hidden) = shape(
            [outputBefore, output], gates: [inputGates, hiddenGates], biases: [inputBias, hiddenBias], blocks: 3)
        forEachPart(of: batch) { part in
            let (state, gate) = (part.lowerBound * hidden, part.lowerBound * 3 * hidden)
            ck_gru_forward(
                part.count, hidden, inputGates.pointer + gate, hiddenGates.pointer + gate, inputBias.pointer,
                hiddenBias.pointer, outputBefore.pointer + state, output.pointer + state)
        }
    }

    /// - Parameters:
    ///   - inputGates: [B, 3H], the activations; becomes the gradient of the input product.
    ///   - hiddenGates: [B, 3H]; becomes the gradient of the hidden product.
    ///   - outputGradient: [B, H], of this step's output.
    ///   - outputBeforeGradient: [B, H], written: the direct part z ∘ dh of the gradient of the step before.
    public static func backward(
        inputGates: Matrix, hiddenGates: Matrix, outputBefore: Matrix, outputGradient: Matrix,
        outputBeforeGradient: Matrix
    ) {
        let (batch, hidden) = shape(
            [outputBefore, outputGradient, outputBeforeGradient], gates: [inputGates, hiddenGates], biases: [], blocks: 3)
        forEachPart(of: batch) { part in
            let (state, gate) = (part.lowerBound * hidden, part.lowerBound * 3 * hidden)
            ck_gru_backward(
                part.count, hidden, inputGates.pointer + gate, hiddenGates.pointer + gate, outputBefore.pointer + state,
                outputGradient.pointer + state, outputBeforeGradient.pointer + state)
        }
    }
}

/// One step of a quasi-recurrent layer, forward and backward. Gates in the order candidate, forget, output.
public enum QRNNKernel {
    /// - Parameters:
    ///   - gates: [B, 3H], the matrix product; becomes the activations.
    ///   - bias: [1, 3H].
    ///   - factors: [B, H], of the forget gate's activation.
    ///   - cellBefore: [B, H]. - cell: [B, H], written. - output: [B, H], written.
    public static func forward(gates: Matrix, bias: Matrix, factors: Matrix, cellBefore: Matrix, cell: Matrix, output: Matrix) {
        let (batch, hidden) = shape([cellBefore, cell, output, factors], gates: [gates], biases: [bias], blocks: 3)
        forEachPart(of: batch) { part in
            let (state, gate) = (part.lowerBound * hidden, part.lowerBound * 3 * hidden)
            ck_qrnn_forward(
                part.count, hidden, gates.pointer + gate, bias.pointer, factors.pointer + state, cellBefore.pointer + state,
                cell.pointer + state, output.pointer + state)
        }
    }

    /// - Parameters:
    ///   - gates: [B, 3H], the activations; becomes the gradient of the product.
    ///   - factors: as in the forward step.
    ///   - outputGradient: [B, H], of this step's output.
    ///   - cellGradient: [B, H], of this step's cell; becomes that of the step before.
    public static func backward(
        gates: Matrix, factors: Matrix, cellBefore: Matrix, cell: Matrix, outputGradient: Matrix, cellGradient: Matrix
    ) {
        let (batch, hidden) = shape(
            [cellBefore, cell, outputGradient, cellGradient, factors], gates: [gates], biases: [], blocks: 3)
        forEachPart(of: batch) { part in
            let (state, gate) = (part.lowerBound * hidden, part.lowerBound * 3 * hidden)
            ck_qrnn_backward(
                part.count, hidden, gates.pointer + gate, factors.pointer + state, cellBefore.pointer + state,
                cell.pointer + state, outputGradient.pointer + state, cellGradient.pointer + state)
        }
    }
}

/// Checks that all matrices of a step fit and are contiguous, and returns (B, H).
private func shape(_ states: [Matrix], gates: [Matrix], biases: [Matrix], blocks: Int) -> (Int, Int) {
    let (batch, hidden) = (states[0].rows, states[0].columns)
    precondition(states.allSatisfy { $0.rows == batch && $0.columns == hidden && $0.isContiguous })
    precondition(gates.allSatisfy { $0.rows == batch && $0.columns == blocks * hidden && $0.isContiguous })
    precondition(biases.allSatisfy { $0.count == blocks * hidden && $0.isContiguous })
    return (batch, hidden)
}

private func forEachPart(of batch: Int, _ body: (Range<Int>) -> Void) {
    StepProfile.measure(.pointwise) { ThreadTeam.forEachPart(of: batch, body) }
}
