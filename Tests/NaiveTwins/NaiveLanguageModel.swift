/// The whole language model in double precision: the oracle of the fast one.
///
/// Parameters, by name: `embedding.weight` [V, E]; for each layer k `layers.k.weight_ih` [G·H, I],
/// `layers.k.weight_hh` [G·H, H], `layers.k.bias_ih` and `layers.k.bias_hh` [1, G·H], of the QRNN `layers.k.linear.weight`
/// [G·H, I] or, in the first layer, [G·H, 2·I], and `layers.k.linear.bias` [1, G·H]; untied only,
/// `decoder.weight` [V, E]; `decoder.bias` [1, V]. Every layer is H wide but the last, which writes E.
public struct NaiveLanguageModel: Sendable {
    public let cell: NaiveCell
    public let vocabularySize: Int
    public let embeddingSize: Int
    public let hiddenSize: Int
    public let layers: Int
    public let tied: Bool
    /// α of AR and β of TAR; 0 is off.
    public var alpha = 0.0
    public var beta = 0.0
    public var parameters: [String: [Double]] = [:]

    /// All parameters are zero.
    public init(cell: NaiveCell, vocabularySize: Int, embeddingSize: Int, hiddenSize: Int, layers: Int, tied: Bool) {
        self.cell = cell
        self.vocabularySize = vocabularySize
        self.embeddingSize = embeddingSize
        self.hiddenSize = hiddenSize
        self.layers = layers
        self.tied = tied
        for (name, shape) in shapes {
            parameters[name] = Array(repeating: 0, count: shape.rows * shape.columns)
        }
    }

    /// Names and shapes, in the order in which they are declared.
    public var shapes: [(name: String, shape: (rows: Int, columns: Int))] {
        var shapes = [("embedding.weight", (vocabularySize, embeddingSize))]
        for layer in 0..<layers {
            let rows = cell.gateCount * outputSize(layer)
            shapes += cell == .qrnn ? [
                ("layers.\(layer).linear.weight", (rows, cell.inputWindow(layer: layer) * inputSize(layer))),
                ("layers.\(layer).linear.bias", (1, rows)),
            ] : [
                ("layers.\(layer).weight_ih", (rows, inputSize(layer))),
                ("layers.\(layer).weight_hh", (rows, outputSize(layer))),
                ("layers.\(layer).bias_ih", (1, rows)),
                ("layers.\(layer).bias_hh", (1, rows)),
            ]
        }
        if !tied { shapes.append(("decoder.weight", (vocabularySize, embeddingSize))) }
        shapes.append(("decoder.bias", (1, vocabularySize)))
        return shapes.map { (name: $0.0, shape: (rows: $0.1.0, columns: $0.1.1)) }
    }

    public func inputSize(_ layer: Int) -> Int { layer == 0 ? embeddingSize : hiddenSize }

    public func outputSize(_ layer: Int) -> Int { layer == layers - 1 ? embeddingSize : hiddenSize }

    public func zeroState(batchSize: Int) -> [NaiveState] {
        (0..<layers).map {
            .zero(
                batchSize: batchSize, hiddenSize: outputSize($0), inputSize: cell.inputWindow(layer: $0) == 2 ? inputSize($0) : nil)
        }
    }

    public var decoderWeightName: String { tied ? "embedding.weight" : "decoder.weight" }

    public func matrix(_ name: String) -> NaiveMatrix {
        let shape = shapes.first { $0.name == name }!.shape
        return NaiveMatrix(rows: shape.rows, columns: shape.columns, values: parameters[name]!)
    }

    /// The names of a layer's blocks with what each holds.
    public func recurrentBlocks(_ layer: Int) -> [(name: String, block: WritableKeyPath<NaiveRecurrentWeights, NaiveMatrix>)] {
        let prefix = "layers.\(layer)."
        guard cell != .qrnn else { return [(prefix + "linear.weight", \.inputWeight), (prefix + "linear.bias", \.inputBias)] }
        return [
            (prefix + "weight_ih", \.inputWeight), (prefix + "weight_hh", \.hiddenWeight), (prefix + "bias_ih", \.inputBias),
            (prefix + "bias_hh", \.hiddenBias),
        ]
    }

    public func recurrentWeights(_ layer: Int) -> NaiveRecurrentWeights {
        let none = NaiveMatrix(rows: 0, columns: outputSize(layer))
        var weights = NaiveRecurrentWeights(inputWeight: none, hiddenWeight: none, inputBias: none, hiddenBias: none)
        for (name, block) in recurrentBlocks(layer) { weights[keyPath: block] = matrix(name) }
        return weights
    }
}
