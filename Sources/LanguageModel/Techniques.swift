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
    /// On the hidden-to-hidden matrix of each layer, or a QRNN's only one.
    public var weightDroppings: [WeightDropping]
    /// On each layer of a QRNN; of other cells there are none.
    public var zoneouts: [Zoneout]
    public var ar: ActivationRegularization
    public var tar: TemporalActivationRegularization

    /// The techniques of `configuration` at the given strengths: its own in training, none in evaluation.
    ///
    /// - Parameter maximumLength: the longest window in training; nil in evaluation. Only zoneout, whose masks have a row a step and which
    ///   evaluation replaces by its mean, asks for it.
    public init(
        _ configuration: ModelConfiguration, strengths: RegularizationStrengths, vocabularySize: Int, batchSize: Int,
        seed: UInt64, maximumLength: Int? = nil
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
        weightDroppings = configuration.droppedShapes.enumerated().map { layer, shape in
            WeightDropping(
                strength: strengths.weightDropping, rows: shape.rows, columns: shape.columns,
                stream: stream("weight-dropping/layers.\(layer)"))
        }
        zoneouts = configuration.cell != .qrnn ? [] : sizes.enumerated().map { layer, size in
            Zoneout(
                strength: configuration.zoneout, batchSize: batchSize, width: size.output, length: maximumLength,
                stream: stream("zoneout/layers.\(layer)"))
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
                + weightDroppings.map(\.mask.stream) + zoneouts.map(\.mask.stream)
        }
        set {
            precondition(newValue.count == 2 + 2 * outputDropouts.count + zoneouts.count)
            embeddingDropout.mask.stream = newValue[0]
            inputDropout.mask.stream = newValue[1]
            for layer in outputDropouts.indices {
                outputDropouts[layer].mask.stream = newValue[2 + layer]
                weightDroppings[layer].mask.stream = newValue[2 + outputDropouts.count + layer]
            }
            for layer in zoneouts.indices { zoneouts[layer].mask.stream = newValue[2 + 2 * outputDropouts.count + layer] }
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
        for layer in zoneouts.indices { zoneouts[layer].draw() }
    }
}
