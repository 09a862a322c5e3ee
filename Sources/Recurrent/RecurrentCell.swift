import Kernels

/// One time step of a recurrence, forward and back, over sequence buffers that the cell owns.
///
/// The layer fills ``inputGates`` with the input product of all steps, then calls ``forward(step:parameters:before:output:)``
/// in order. For the gradient it calls ``backward(step:before:outputGradient:)`` in reverse order; then
/// ``inputGates`` and ``hiddenGates`` hold the gradients of the two products.
protocol RecurrentCell {
    /// [T·B, G·H].
    var inputGates: Matrix { get }
    /// [T·B, G·H]; the LSTM's two products are summed, so that it is the same buffer as ``inputGates``. The QRNN has no second product.
    var hiddenGates: Matrix { get }

    init(batchSize: Int, hiddenSize: Int, maximumLength: Int, path: ProductPath, packed: PackedWeights, memory: SequenceMemory)

    /// Takes over the window's weights, and what is carried beside the output.
    ///
    /// - Parameter zoneout: see ``RecurrentLayer/forward(_:state:parameters:zoneout:)``.
    func begin(from state: RecurrentState, parameters: RecurrentParameters, zoneout: Matrix?)
    /// What is carried beside the output after `steps` steps.
    func carriedCell(after steps: Int) -> [Float]
    /// Computes `output` [B, H] of a step from the output `before` it.
    func forward(step: Int, parameters: RecurrentParameters, before: Matrix, output: Matrix)
    /// Forgets the gradient carried from a later window.
    func beginBackward()
    /// Adds what the later steps carried to `outputGradient` [B, H], and carries on.
    func backward(step: Int, before: Matrix, outputGradient: Matrix)
}
