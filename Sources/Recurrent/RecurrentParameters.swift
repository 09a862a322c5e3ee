import Kernels

/// The weights of one recurrent layer, or their gradients, as PyTorch names and shapes them.
public struct RecurrentParameters {
    /// [G·H, I].
    public var inputWeights: Matrix
    /// [G·H, H].
    public var hiddenWeights: Matrix
    /// [1, G·H].
    public var inputBias: Matrix
    /// [1, G·H].
    public var hiddenBias: Matrix

    public init(inputWeights: Matrix, hiddenWeights: Matrix, inputBias: Matrix, hiddenBias: Matrix) {
        self.inputWeights = inputWeights
        self.hiddenWeights = hiddenWeights
        self.inputBias = inputBias
        self.hiddenBias = hiddenBias
    }

    /// The views of layer `layer` in `storage`.
    public init(layer: Int, in storage: ParameterStorage) {
        self.init(
            inputWeights: storage["layers.\(layer).weight_ih"], hiddenWeights: storage["layers.\(layer).weight_hh"],
            inputBias: storage["layers.\(layer).bias_ih"], hiddenBias: storage["layers.\(layer).bias_hh"])
    }

    /// What layer `layer` declares.
    public static func shapes(layer: Int, kind: CellKind, inputSize: Int, hiddenSize: Int) -> [ParameterShape] {
        let gates = kind.gateCount * hiddenSize
        return [
            ParameterShape("layers.\(layer).weight_ih", gates, inputSize),
            ParameterShape("layers.\(layer).weight_hh", gates, hiddenSize),
            ParameterShape("layers.\(layer).bias_ih", 1, gates),
            ParameterShape("layers.\(layer).bias_hh", 1, gates),
        ]
    }

    /// Draws initial values: uniform in ±1/√H, as PyTorch does; with ``RecurrentInitialisation/orthogonal`` each gate's
    /// hidden-to-hidden matrix is a random orthogonal one instead.
    ///
    /// - Throws: `LinearAlgebraError` when the QR decomposition fails.
    public func initialise(_ initialisation: RecurrentInitialisation, stream: inout RandomStream) throws {
        let hiddenSize = hiddenWeights.columns
        let bound = 1 / Float(hiddenSize).squareRoot()
        for matrix in [inputWeights, hiddenWeights, inputBias, hiddenBias] { stream.fillUniform(matrix, bound: bound) }
        guard initialisation == .orthogonal else { return }
        for start in Swift.stride(from: 0, to: hiddenWeights.rows, by: hiddenSize) {
            let gate = hiddenWeights.rows(start..<start + hiddenSize)
            gate.assign((0..<gate.count).map { _ in Float(stream.normal()) })
            try gate.orthogonalise()
        }
    }
}
