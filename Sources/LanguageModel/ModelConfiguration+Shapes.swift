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

    /// The matrix of each layer that weight-dropping acts on: the hidden-to-hidden one, or the QRNN's only one.
    var droppedShapes: [(rows: Int, columns: Int)] {
        layerSizes.enumerated().map { layer, size in
            (cell.gateCount * size.output, cell.hasHiddenProduct ? size.output : cell.inputWindow(layer: layer) * size.input)
        }
    }

    /// Number of trained values.
    public func parameterCount(vocabularySize: Int) -> Int {
        parameterShapes(vocabularySize: vocabularySize).reduce(0) { $0 + $1.count }
    }

    /// Floating-point operations of a training token in matrix products: two for each weight that meets it, once forward and
    /// twice back.
    public func floatingPointOperationsPerToken(vocabularySize: Int) -> Double {
        let recurrent = layerSizes.enumerated().reduce(0) { sum, layer in
            let (input, output) = layer.element
            let columns = cell.inputWindow(layer: layer.offset) * input + (cell.hasHiddenProduct ? output : 0)
            return sum + cell.gateCount * output * columns
        }
        return 6 * Double(recurrent + effectiveEmbeddingSize * vocabularySize)
    }
}
