import Corpus
import Kernels
import LanguageModel
import NaiveTwins
import Recurrent
import Regularizers

/// A model, as large in its weights that the state matters, with its twin.
struct ReadModel {
    let model: LanguageModel
    let twin: NaiveLanguageModel

    init(_ cell: CellKind, tied: Bool = true) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.regularization.weightTying = tied
        model = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 3)
        model.parameters.flat.assign(model.parameters.flat.toArray().map { 4 * $0 })
        var twin = NaiveLanguageModel(
            cell: NaiveCell(cell), vocabularySize: SmallText.vocabularySize, embeddingSize: configuration.embeddingSize,
            hiddenSize: configuration.hiddenSize, layers: configuration.layers, tied: tied)
        for shape in model.parameters.shapes { twin.parameters[shape.name] = model.parameters[shape.name].toArray().map(Double.init) }
        self.twin = twin
    }

    /// The windows of a text cut into streams, the last of them shorter.
    static func windows(_ tokens: [Int32], batchSize: Int, length: Int) -> [NaiveWindow] {
        let streamLength = tokens.count / batchSize
        return stride(from: 0, to: streamLength - 1, by: length).map { start in
            func words(shift: Int) -> [Int] {
                (start..<min(start + length, streamLength - 1)).flatMap { step in
                    (0..<batchSize).map { Int(tokens[$0 * streamLength + step + shift]) }
                }
            }
            return NaiveWindow(inputs: words(shift: 0), targets: words(shift: 1), batchSize: batchSize, masks: NaiveMasks(layers: 2))
        }
    }
}
