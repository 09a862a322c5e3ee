import Kernels
import Recurrent
import Regularizers

extension ModelConfiguration {
    /// E as the model uses it; see ``Regularizers/IndependentSizes``.
    public var effectiveEmbeddingSize: Int {
        IndependentSizes(isOn: regularization.independentSizes).embeddingSize(embeddingSize, hiddenSize: hiddenSize)
    }

    /// Input and output width of each layer, first layer first.
    public var layerSizes: [(input: Int, output: Int)] {
        IndependentSizes(isOn: regularization.independentSizes)
            .layerSizes(embeddingSize: embeddingSize, hiddenSize: hiddenSize, layers: layers)
    }

    /// The one declaration of all parameters, in their order in memory and in checkpoints.
    public func parameterShapes(vocabularySize: Int) -> [ParameterShape] {
        layerSizes.enumerated().flatMap { layer, size in
            RecurrentParameters.shapes(layer: layer, kind: cell, inputSize: size.input, hiddenSize: size.output)
        } + WeightTying(isOn: regularization.weightTying)
            .parameters(vocabularySize: vocabularySize, embeddingSize: effectiveEmbeddingSize)
    }

    /// Number of trained values.
    public func parameterCount(vocabularySize: Int) -> Int {
        parameterShapes(vocabularySize: vocabularySize).reduce(0) { $0 + $1.count }
    }

    /// Floating-point operations of a training token in matrix products: two for each weight that meets it, once forward and
    /// twice back.
    public func floatingPointOperationsPerToken(vocabularySize: Int) -> Double {
        let recurrent = layerSizes.reduce(0) { $0 + cell.gateCount * $1.output * ($1.input + $1.output) }
        return 6 * Double(recurrent + effectiveEmbeddingSize * vocabularySize)
    }
}
