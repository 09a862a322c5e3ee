import Kernels

/// Long short-term memory. Gates in the order input, forget, cell, output; two bias vectors, as PyTorch has them:
///
///     c[t] = σ(f) ∘ c[t−1] + σ(i) ∘ tanh(g)
///     h[t] = σ(o) ∘ tanh(c[t])
struct LSTMCell: RecurrentCell {
    let inputGates: Matrix
    var hiddenGates: Matrix { inputGates }
    private let batchSize: Int
    private let product: RecurrentProduct
    /// [(T+1)·B, H], the first B rows before the window.
    private let cells: Matrix
    /// [B, H].
    private let cellGradient: Matrix
    /// [B, H].
    private let carriedGradient: Matrix

    init(batchSize: Int, hiddenSize: Int, maximumLength: Int, path: ProductPath, packed: PackedWeights, memory: SequenceMemory) {
        self.batchSize = batchSize
        product = RecurrentProduct(outputs: 4 * hiddenSize, hiddenSize: hiddenSize, batchSize: batchSize, path: path, packed: packed)
        inputGates = memory.matrix(rows: maximumLength * batchSize, columns: 4 * hiddenSize)
        cells = memory.matrix(rows: (maximumLength + 1) * batchSize, columns: hiddenSize)
        cellGradient = Matrix(rows: batchSize, columns: hiddenSize)
        carriedGradient = Matrix(rows: batchSize, columns: hiddenSize)
    }

    func begin(from state: RecurrentState, parameters: RecurrentParameters, zoneout: Matrix?) {
        product.prepare(parameters.hiddenWeights)
        cells.step(0, of: batchSize).assign(state.cell)
    }

    func carriedCell(after steps: Int) -> [Float] { cells.step(steps, of: batchSize).toArray() }

    func forward(step: Int, parameters: RecurrentParameters, before: Matrix, output: Matrix) {
        let gates = inputGates.step(step, of: batchSize)
        product.forward(before, into: gates, accumulating: true)
        LSTMKernel.forward(
            gates: gates, inputBias: parameters.inputBias, hiddenBias: parameters.hiddenBias,
            cellBefore: cells.step(step, of: batchSize), cell: cells.step(step + 1, of: batchSize), output: output)
    }

    func beginBackward() {
        cellGradient.fill(0)
        carriedGradient.fill(0)
    }

    func backward(step: Int, before: Matrix, outputGradient: Matrix) {
        let gates = inputGates.step(step, of: batchSize)
        outputGradient.add(carriedGradient)
        LSTMKernel.backward(
            gates: gates, cellBefore: cells.step(step, of: batchSize), cell: cells.step(step + 1, of: batchSize),
            outputGradient: outputGradient, cellGradient: cellGradient)
        if step > 0 { product.backward(gates, into: carriedGradient, accumulating: false) }
    }
}
