import Kernels
import Recurrent
import Regularizers

/// The state of all layers between two windows, first layer first.
public typealias ModelState = [RecurrentState]

/// The weights of a word-level recurrent language model: embedding, recurrent layers, tied or untied decoder.
public final class LanguageModel {
    public let configuration: ModelConfiguration
    /// V.
    public let vocabularySize: Int
    /// All weights; names as in ``ModelConfiguration/parameterShapes(vocabularySize:)``.
    public let parameters: ParameterStorage
    /// Shared by the layers of all passes through the model, which take turns.
    let packed = PackedWeights()

    /// A model whose weights are all zero.
    public init(_ configuration: ModelConfiguration, vocabularySize: Int) {
        self.configuration = configuration
        self.vocabularySize = vocabularySize
        parameters = ParameterStorage(configuration.parameterShapes(vocabularySize: vocabularySize))
    }

    /// A model with initial weights: embedding (and an untied decoder) uniform in ±0.1, decoder bias 0, recurrent layers as
    /// `RecurrentParameters.initialise` draws them. Each has a random stream of its own.
    ///
    /// - Throws: `LinearAlgebraError` when an orthogonal matrix could not be made.
    public convenience init(_ configuration: ModelConfiguration, vocabularySize: Int, seed: UInt64) throws {
        self.init(configuration, vocabularySize: vocabularySize)
        for name in ["embedding.weight", "decoder.weight"] where parameters.shapes.contains(where: { $0.name == name }) {
            var stream = RandomStream(seed: seed, name: "initialisation/\(name)")
            stream.fillUniform(parameters[name], bound: 0.1)
        }
        for layer in 0..<configuration.layers {
            var stream = RandomStream(seed: seed, name: "initialisation/layers.\(layer)")
            try layerParameters(layer).initialise(configuration.recurrentInitialisation, stream: &stream)
        }
    }

    /// The embedding matrix [V, E].
    public var embedding: Matrix { parameters["embedding.weight"] }

    /// The weights of one layer.
    public func layerParameters(_ layer: Int) -> RecurrentParameters { RecurrentParameters(layer: layer, in: parameters) }

    /// The state before the first word, for `batchSize` streams.
    public func zeroState(batchSize: Int) -> ModelState {
        configuration.layerSizes.enumerated().map { layer, size in
            .zero(
                configuration.cell, batchSize: batchSize, hiddenSize: size.output,
                inputSize: configuration.cell.inputWindow(layer: layer) == 2 ? size.input : nil)
        }
    }
}
