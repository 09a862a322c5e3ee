import NaiveTwins
import Testing

/// The techniques that a window's masks and the penalties express.
enum TwinTechnique: String, CaseIterable, Sendable {
    case embeddingDropout, inputDropout, hiddenDropout, outputDropout, weightDropping, ar, tar, zoneout
}

/// A random model and window of odd, unequal sizes with some techniques on.
struct TwinScenario: Sendable, CustomTestStringConvertible {
    var cell = NaiveCell.lstm
    var tied = true
    var layers = 2
    var embeddingSize = 3
    var hiddenSize = 5
    var vocabularySize = 7
    var batchSize = 3
    var length = 4
    var techniques: Set<TwinTechnique> = []
    /// Bound of the parameters.
    var scale = 0.8
    var seed: UInt64 = 1

    var testDescription: String {
        let techniques = techniques.map(\.rawValue).sorted().joined(separator: "+")
        return "\(cell) \(tied ? "tied" : "untied") L\(layers) E\(embeddingSize) H\(hiddenSize) T\(length) [\(techniques)]"
    }

    var probabilities: [TwinTechnique: Double] {
        [.embeddingDropout: 0.25, .inputDropout: 0.4, .hiddenDropout: 0.3, .outputDropout: 0.45, .weightDropping: 0.5, .zoneout: 0.3]
    }

    /// The model, its window and the state carried into it.
    func make() -> (model: NaiveLanguageModel, window: NaiveWindow, state: [NaiveState]) {
        var random = NaiveRandom(seed: seed)
        var model = NaiveLanguageModel(
            cell: cell, vocabularySize: vocabularySize, embeddingSize: embeddingSize, hiddenSize: hiddenSize,
            layers: layers, tied: tied)
        for (name, shape) in model.shapes {
            model.parameters[name] = random.values(shape.rows * shape.columns, scale: scale)
        }
        model.alpha = techniques.contains(.ar) ? 2 : 0
        model.beta = techniques.contains(.tar) ? 1 : 0
        let state = (0..<layers).map { layer in
            NaiveState(
                hidden: random.matrix(rows: batchSize, columns: model.outputSize(layer), scale: 0.9),
                cell: random.matrix(rows: batchSize, columns: model.outputSize(layer), scale: 0.9),
                input: cell.inputWindow(layer: layer) == 2
                    ? random.matrix(rows: batchSize, columns: model.inputSize(layer), scale: 0.9) : nil)
        }
        let window = NaiveWindow(
            inputs: random.tokens(length * batchSize, vocabularySize: vocabularySize),
            targets: random.tokens(length * batchSize, vocabularySize: vocabularySize),
            batchSize: batchSize, masks: masks(of: model, random: &random))
        return (model, window, state)
    }

    private func masks(of model: NaiveLanguageModel, random: inout NaiveRandom) -> NaiveMasks {
        func mask(_ technique: TwinTechnique, _ rows: Int, _ columns: Int) -> NaiveMatrix? {
            guard techniques.contains(technique), let probability = probabilities[technique] else { return nil }
            return random.mask(rows: rows, columns: columns, probability: probability)
        }
        var masks = NaiveMasks(layers: layers)
        masks.embeddingRows = mask(.embeddingDropout, 1, vocabularySize)?.values
        masks.input = mask(.inputDropout, batchSize, embeddingSize)
        masks.output = mask(.outputDropout, batchSize, embeddingSize)
        masks.hidden = (0..<layers - 1).map { mask(.hiddenDropout, batchSize, model.outputSize($0)) }
        masks.weights = (0..<layers).map {
            let weights = model.recurrentWeights($0).dropped
            return mask(.weightDropping, weights.rows, weights.columns)
        }
        if cell == .qrnn {
            masks.zoneout = (0..<layers).map { layer in
                mask(.zoneout, length * batchSize, model.outputSize(layer)).map {
                    NaiveMatrix(rows: $0.rows, columns: $0.columns, values: $0.values.map { $0 > 0 ? 1 : 0 })
                }
            }
        }
        return masks
    }

    /// All cells, tied and untied: without any technique, with each alone, with all but one and with all; then
    /// one and three layers, equal sizes, an embedding wider than the layers, one stream, and a window of two steps.
    static var all: [TwinScenario] {
        var scenarios: [TwinScenario] = []
        for cell in NaiveCell.allCases {
            let everything = Set(TwinTechnique.allCases).subtracting(cell == .qrnn ? [] : [.zoneout])
            var sets: [Set<TwinTechnique>] = [[], everything]
            let each = TwinTechnique.allCases.filter(everything.contains)
            sets += each.map { [$0] } + each.map { everything.subtracting([$0]) }
            for tied in [true, false] {
                let base = TwinScenario(cell: cell, tied: tied, techniques: everything)
                scenarios += sets.map { with(base) { $1.techniques = $0 }($0) }
                scenarios += [
                    with(base) { $1.layers = $0 }(1), with(base) { $1.layers = $0 }(3),
                    with(base) { $1.embeddingSize = $0 }(5), with(base) { $1.embeddingSize = $0 }(6),
                    with(base) { $1.batchSize = $0 }(1), with(base) { $1.length = $0 }(2),
                ]
            }
        }
        for index in scenarios.indices { scenarios[index].seed = UInt64(1000 + index) }
        return scenarios
    }

    private static func with<Value>(
        _ base: TwinScenario, _ change: @escaping (Value, inout TwinScenario) -> Void
    ) -> (Value) -> TwinScenario {
        { value in
            var copy = base
            change(value, &copy)
            return copy
        }
    }
}
