import Foundation
import NaiveTwins

/// One file of reference values made by Scripts/make_fixtures.py.
struct Fixture: Decodable, Sendable {
    struct Masks: Decodable, Sendable {
        let embedding: [Double]
        let input: [Double]
        let hidden: [[Double]]
        let output: [Double]
        let weights: [[Double]]
        /// [layer], of the QRNN.
        let zoneout: [[Double]]?
    }
    struct Probabilities: Decodable, Sendable {
        let embedding: Double
        let input: Double
        let hidden: Double
        let output: Double
        let weights: Double
    }
    struct Window: Decodable, Sendable {
        let inputs: [Int]
        let targets: [Int]
        let masks: Masks
    }
    struct OneWindow: Decodable, Sendable {
        /// [layer][h, then c for the LSTM and the QRNN, then x where the next step reads it]
        let state: [[[Double]]]
        let window: Window
        let logits: [Double]
        let lastOutput: [Double]
        let crossEntropy: Double
        let loss: Double
        let stateAfter: [[[Double]]]
        let gradients: [String: [Double]]
    }
    struct Training: Decodable, Sendable {
        let learningRate: Double
        let clipping: Double
        let weightDecay: Double
        let windows: [Window]
        let losses: [Double]
        let gradientNorms: [Double]
        let parametersAfter: [String: [Double]]
    }

    let cell: NaiveCell
    let tied: Bool
    let vocabularySize: Int
    let embeddingSize: Int
    let hiddenSize: Int
    let layers: Int
    let batchSize: Int
    let probabilities: Probabilities
    let alpha: Double
    let beta: Double
    let parameters: [String: [Double]]
    let oneWindow: OneWindow
    let training: Training

    static let names = ["lstm-tied", "lstm-untied", "gru-tied", "gru-untied", "qrnn-tied", "qrnn-untied"]

    init(named name: String) throws {
        let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name).json")
        self = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    }

    /// The twin with the fixture's parameters.
    var twin: NaiveLanguageModel {
        var model = NaiveLanguageModel(
            cell: cell, vocabularySize: vocabularySize, embeddingSize: embeddingSize, hiddenSize: hiddenSize,
            layers: layers, tied: tied)
        (model.alpha, model.beta) = (alpha, beta)
        model.parameters = parameters
        return model
    }

    func window(_ window: Window) -> NaiveWindow {
        func scaled(_ kept: [Double], _ probability: Double) -> [Double] { kept.map { $0 / (1 - probability) } }
        func matrix(_ kept: [Double], rows: Int, _ probability: Double) -> NaiveMatrix {
            NaiveMatrix(rows: rows, columns: kept.count / rows, values: scaled(kept, probability))
        }
        let masks = window.masks
        var result = NaiveMasks(layers: layers)
        result.embeddingRows = scaled(masks.embedding, probabilities.embedding)
        result.input = matrix(masks.input, rows: batchSize, probabilities.input)
        result.hidden = masks.hidden.map { matrix($0, rows: batchSize, probabilities.hidden) }
        result.output = matrix(masks.output, rows: batchSize, probabilities.output)
        result.weights = masks.weights.enumerated().map { layer, kept in
            matrix(kept, rows: cell.gateCount * twin.outputSize(layer), probabilities.weights)
        }
        if let zoneout = masks.zoneout {
            result.zoneout = zoneout.map { NaiveMatrix(rows: window.inputs.count, columns: $0.count / window.inputs.count, values: $0) }
        }
        return NaiveWindow(inputs: window.inputs, targets: window.targets, batchSize: batchSize, masks: result)
    }

    /// The state that the one window starts from.
    var state: [NaiveState] { states(oneWindow.state) }

    func states(_ parts: [[[Double]]]) -> [NaiveState] {
        parts.enumerated().map { layer, parts in
            var state = twin.zeroState(batchSize: batchSize)[layer]
            state.hidden.values = parts[0]
            if parts.count > 1 { state.cell.values = parts[1] }
            if parts.count > 2 { state.input?.values = parts[2] }
            return state
        }
    }
}
