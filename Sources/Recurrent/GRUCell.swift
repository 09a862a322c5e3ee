import Kernels

/// Gated recurrent unit. Gates in the order reset, update, new, the reset gate applied after the hidden product, as
/// PyTorch and cuDNN do:
///
///     n = tanh(W_in x + b_in + r ∘ (W_hn h[t−1] + b_hn))
///     h[t] = (1−z) ∘ n + z ∘ h[t−1]
struct GRUCell: RecurrentCell {
    let inputGates: Matrix
    let hiddenGates: Matrix
    private let batchSize: Int
    private let product: RecurrentProduct
    /// [B, H].
    private let carriedGradient: Matrix

    init(batchSize: Int, hiddenSize: Int, maximumLength: Int, path: ProductPath, packed: PackedWeights, memory: SequenceMemory) {
        self.batchSize = batchSize
        product = RecurrentProduct(outputs: 3 * hiddenSize, hiddenSize: hiddenSize, batchSize: batchSize, path: path, packed: packed)
        inputGates = memory.matrix(rows: maximumLength * batchSize, columns: 3 * hiddenSize)
        hiddenGates = memory.matrix(rows: maximumLength * batchSize, columns: 3 * hiddenSize)
        carriedGradient = Matrix(rows: batchSize, columns: hiddenSize)
    }

    func begin(from state: RecurrentState, parameters: RecurrentParameters, zoneout: Matrix?) {
        product.prepare(parameters.hiddenWeights)
    }

    func carriedCell(after steps: Int) -> [Float] { [] }

    func forward(step: Int, parameters: RecurrentParameters, before: Matrix, output: Matrix) {
        let hidden = hiddenGates.step(step, of: batchSize)
        product.forward(before, into: hidden, accumulating: false)
        GRUKernel.forward(
            inputGates: inputGates.step(step, of: batchSize), hiddenGates: hidden, inputBias: parameters.inputBias,
            hiddenBias: parameters.hiddenBias, outputBefore: before, output: output)
    }

    func beginBackward() { carriedGradient.fill(0) }

    func backward(step: Int, before: Matrix, outputGradient: Matrix) {
        let hidden = hiddenGates.step(step, of: batchSize)
        outputGradient.add(carriedGradient)
        GRUKernel.backward(
            inputGates: inputGates.step(step, of: batchSize), hiddenGates: hidden, outputBefore: before,
            outputGradient: outputGradient, outputBeforeGradient: carriedGradient)
        if step > 0 { product.backward(hidden, into: carriedGradient, accumulating: true) }
    }
}
