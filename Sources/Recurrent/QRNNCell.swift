import Kernels

/// Quasi-recurrent layer (Bradbury, Merity, Xiong and Socher, ICLR 2017), "fo" pooling. Gates in the order candidate, forget, output:
///
///     z = tanh(W_z x + b_z), f = σ(W_f x + b_f), o = σ(W_o x + b_o)
///     c[t] = f ∘ z + (1−f) ∘ c[t−1]
///     h[t] = o ∘ c[t]
///
/// where x is the input, in a window of two the input and that of the step before. The gate f is the one of the authors' code,
/// so that its weights are weights of this layer; what the paper calls the forget gate is 1−f. Zoneout multiplies f: by 0 where the cell
/// keeps its value. No step multiplies the one before by a matrix, so that all products are done before the first step.
final class QRNNCell: RecurrentCell {
    let inputGates: Matrix
    var hiddenGates: Matrix { inputGates }
    private let batchSize: Int
    /// [(T+1)·B, H], the first B rows before the window.
    private let cells: Matrix
    /// [B, H].
    private let cellGradient: Matrix
    /// [B, H], the factors of f without zoneout.
    private let ones: Matrix
    /// [T·B, H], or [B, H] where they are those of all steps.
    private var factors: Matrix

    init(batchSize: Int, hiddenSize: Int, maximumLength: Int, path: ProductPath, packed: PackedWeights, memory: SequenceMemory) {
        self.batchSize = batchSize
        inputGates = memory.matrix(rows: maximumLength * batchSize, columns: 3 * hiddenSize)
        cells = memory.matrix(rows: (maximumLength + 1) * batchSize, columns: hiddenSize)
        cellGradient = Matrix(rows: batchSize, columns: hiddenSize)
        ones = Matrix(rows: batchSize, columns: hiddenSize)
        ones.fill(1)
        factors = ones
    }

    func begin(from state: RecurrentState, parameters: RecurrentParameters, zoneout: Matrix?) {
        factors = zoneout ?? ones
        cells.step(0, of: batchSize).assign(state.cell)
    }

    func carriedCell(after steps: Int) -> [Float] { cells.step(steps, of: batchSize).toArray() }

    func forward(step: Int, parameters: RecurrentParameters, before: Matrix, output: Matrix) {
        QRNNKernel.forward(
            gates: inputGates.step(step, of: batchSize), bias: parameters.inputBias, factors: factors(step),
            cellBefore: cells.step(step, of: batchSize), cell: cells.step(step + 1, of: batchSize), output: output)
    }

    func beginBackward() { cellGradient.fill(0) }

    func backward(step: Int, before: Matrix, outputGradient: Matrix) {
        QRNNKernel.backward(
            gates: inputGates.step(step, of: batchSize), factors: factors(step), cellBefore: cells.step(step, of: batchSize),
            cell: cells.step(step + 1, of: batchSize), outputGradient: outputGradient, cellGradient: cellGradient)
    }

    private func factors(_ step: Int) -> Matrix { factors.rows == batchSize ? factors : factors.step(step, of: batchSize) }
}
