import Kernels
import Regularizers

/// The regularizers that act on a window, with the masks drawn for it.
///
/// Each draws from a stream of its own, keyed by seed and name, so that removing one changes no draw of another.
public struct Techniques {
    public var embeddingDropout: EmbeddingDropout
    /// On the output of the embedding.
    public var inputDropout: VariationalDropout
    /// On the output of each layer: between layers, and on the last.
    public var outputDropouts: [VariationalDropout]
    /// On the hidden-to-hidden matrix of each layer.
    public var weightDroppings: [WeightDropping]
    public var ar: ActivationRegularization
    public var tar: TemporalActivationRegularization

    /// The techniques of `configuration` at the given strengths: its own in training, none in evaluation.
    public init(
        _ configuration: ModelConfiguration, strengths: RegularizationStrengths, vocabularySize: Int, batchSize: Int,
        seed: UInt64
    ) {
        func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, name: name) }
        let sizes = configuration.layerSizes
        embeddingDropout = EmbeddingDropout(
            strength: strengths.embeddingDropout, vocabularySize: vocabularySize, stream: stream("embedding-dropout"))
        inputDropout = VariationalDropout(
            strength: strengths.variationalDropoutInput, batchSize: batchSize,
            width: configuration.effectiveEmbeddingSize, stream: stream("variational-dropout/input"))
        outputDropouts = sizes.enumerated().map { layer, size in
            let isLast = layer == sizes.count - 1
            return VariationalDropout(
                strength: isLast ? strengths.variationalDropoutOutput : strengths.variationalDropoutHidden,
                batchSize: batchSize, width: size.output,
                stream: stream("variational-dropout/" + (isLast ? "output" : "hidden.\(layer)")))
        }
        weightDroppings = sizes.enumerated().map { layer, size in
            WeightDropping(
                strength: strengths.weightDropping, rows: configuration.cell.gateCount * size.output,
                columns: size.output, stream: stream("weight-dropping/layers.\(layer)"))
        }
        ar = ActivationRegularization(strength: strengths.ar)
        tar = TemporalActivationRegularization(strength: strengths.tar)
    }

    /// No technique at all, for a pass through `model` that is no training.
    static func absent(from model: LanguageModel, batchSize: Int) -> Techniques {
        Techniques(
            model.configuration, strengths: RegularizationStrengths(), vocabularySize: model.vocabularySize, batchSize: batchSize, seed: 0)
    }

    /// Where each mask's draws come from, in a fixed order.
    var streams: [RandomStream] {
        get {
            [embeddingDropout.mask.stream, inputDropout.mask.stream] + outputDropouts.map(\.mask.stream)
                + weightDroppings.map(\.mask.stream)
        }
        set {
            precondition(newValue.count == 2 + 2 * outputDropouts.count)
            embeddingDropout.mask.stream = newValue[0]
            inputDropout.mask.stream = newValue[1]
            for layer in outputDropouts.indices {
                outputDropouts[layer].mask.stream = newValue[2 + layer]
                weightDroppings[layer].mask.stream = newValue[2 + outputDropouts.count + layer]
            }
        }
    }

    /// Draws the masks of the next window.
    public mutating func draw() {
        embeddingDropout.draw()
        inputDropout.draw()
        for layer in outputDropouts.indices {
            outputDropouts[layer].draw()
            weightDroppings[layer].draw()
        }
    }
}
