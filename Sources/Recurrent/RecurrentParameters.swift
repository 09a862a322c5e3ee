import Kernels

/// The weights of one recurrent layer, or their gradients, as PyTorch and the QRNN's reference code name and shape them.
public struct RecurrentParameters {
    /// [G·H, I]; [G·H, 2·I] in a layer that reads the input of the step before, too, whose weights stand in the last I columns.
    public var inputWeights: Matrix
    /// [G·H, H]; without rows in a QRNN.
    public var hiddenWeights: Matrix
    /// [1, G·H].
    public var inputBias: Matrix
    /// [1, G·H]; without columns in a QRNN.
    public var hiddenBias: Matrix

    public init(inputWeights: Matrix, hiddenWeights: Matrix, inputBias: Matrix, hiddenBias: Matrix) {
        self.inputWeights = inputWeights
        self.hiddenWeights = hiddenWeights
        self.inputBias = inputBias
        self.hiddenBias = hiddenBias
    }

    /// The matrix that weight-dropping acts on: the hidden-to-hidden one, or the QRNN's only one.
    public var droppedWeights: Matrix {
        get { hiddenWeights.rows > 0 ? hiddenWeights : inputWeights }
        set {
            if hiddenWeights.rows > 0 { hiddenWeights = newValue } else { inputWeights = newValue }
        }
    }

    /// The views of layer `layer` in `storage`.
    public init(layer: Int, in storage: ParameterStorage) {
        if let weights = storage.view("layers.\(layer).linear.weight") {
            let bias = storage["layers.\(layer).linear.bias"]
            self.init(inputWeights: weights, hiddenWeights: weights.rows(0..<0), inputBias: bias, hiddenBias: bias.columns(0..<0))
            return
        }
        self.init(
            inputWeights: storage["layers.\(layer).weight_ih"], hiddenWeights: storage["layers.\(layer).weight_hh"],
            inputBias: storage["layers.\(layer).bias_ih"], hiddenBias: storage["layers.\(layer).bias_hh"])
    }

    /// What layer `layer` declares.
    public static func shapes(layer: Int, kind: CellKind, inputSize: Int, hiddenSize: Int) -> [ParameterShape] {
        let gates = kind.gateCount * hiddenSize
        guard kind.hasHiddenProduct else {
            return [
                ParameterShape("layers.\(layer).linear.weight", gates, kind.inputWindow(layer: layer) * inputSize),
                ParameterShape("layers.\(layer).linear.bias", 1, gates),
            ]
        }
        return [
            ParameterShape("layers.\(layer).weight_ih", gates, inputSize),
            ParameterShape("layers.\(layer).weight_hh", gates, hiddenSize),
            ParameterShape("layers.\(layer).bias_ih", 1, gates),
            ParameterShape("layers.\(layer).bias_hh", 1, gates),
        ]
    }

    /// Draws initial values: uniform in ±1/√H, as PyTorch does, or for the QRNN, whose weights are those of a linear layer there, in
    /// ±1/√(number of columns). With ``RecurrentInitialisation/orthogonal`` each gate's hidden-to-hidden matrix, where there is one, is a
    /// random orthogonal one instead.
    ///
    /// - Throws: `LinearAlgebraError` when the QR decomposition fails.
    public func initialise(_ initialisation: RecurrentInitialisation, stream: inout RandomStream) throws {
        guard hiddenWeights.rows > 0 else {
            let bound = 1 / Float(inputWeights.columns).squareRoot()
            for matrix in [inputWeights, inputBias] { stream.fillUniform(matrix, bound: bound) }
            return
        }
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
