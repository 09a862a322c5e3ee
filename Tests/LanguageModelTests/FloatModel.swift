import Corpus
import Kernels
import LanguageModel
import NaiveTwins
import Recurrent
import Regularizers

/// The model under test with a twin's sizes, weights and masks.
struct FloatModel {
    let model: LanguageModel
    let pass: WindowPass

    /// - Parameter maximumLength: the longest window that will come.
    init(_ twin: NaiveLanguageModel, batchSize: Int, maximumLength: Int, precision: Precision = .float32) {
        var configuration = ModelConfiguration()
        configuration.cell = CellKind(twin.cell)
        configuration.zoneout = twin.cell == .qrnn ? 0.5 : 0
        configuration.embeddingSize = twin.embeddingSize
        configuration.hiddenSize = twin.hiddenSize
        configuration.layers = twin.layers
        configuration.precision = precision
        configuration.regularization.weightTying = twin.tied
        model = LanguageModel(configuration, vocabularySize: twin.vocabularySize)
        for (name, values) in twin.parameters { model.parameters[name].assign(values.map(Float.init)) }

        // All techniques are there; masks of ones stand for those that are not wanted.
        var strengths = RegularizationStrengths()
        strengths.embeddingDropout = 0.5
        strengths.variationalDropoutInput = 0.5
        strengths.variationalDropoutHidden = 0.5
        strengths.variationalDropoutOutput = 0.5
        strengths.weightDropping = 0.5
        strengths.ar = Float(twin.alpha)
        strengths.tar = Float(twin.beta)
        let techniques = Techniques(
            configuration, strengths: strengths, vocabularySize: twin.vocabularySize, batchSize: batchSize, seed: 1,
            maximumLength: maximumLength)
        pass = WindowPass(model, batchSize: batchSize, maximumLength: maximumLength, techniques: techniques)
    }

    /// Sets the masks of the window, runs it forward and back, and returns its loss and the state after it.
    func run(_ window: NaiveWindow, state: ModelState) -> (loss: WindowLoss, state: ModelState) {
        let techniques = pass.techniques
        let last = techniques.outputDropouts.count - 1
        set(techniques.embeddingDropout.mask, window.masks.embeddingRows)
        set(techniques.inputDropout.mask, window.masks.input?.values)
        for layer in 0...last {
            let mask = layer == last ? window.masks.output : window.masks.hidden[layer]
            set(techniques.outputDropouts[layer].mask, mask?.values)
            set(techniques.weightDroppings[layer].mask, window.masks.weights[layer]?.values)
            if !techniques.zoneouts.isEmpty { set(techniques.zoneouts[layer].mask, window.masks.zoneout[layer]?.values) }
        }
        return pass.lossAndGradients(Window(window), state: state)
    }

    /// The gradients of the last run, by name.
    var gradients: [String: [Float]] {
        Dictionary(uniqueKeysWithValues: pass.gradients.shapes.map { ($0.name, pass.gradients[$0.name].toArray()) })
    }

    private func set(_ mask: DropoutMask, _ values: [Double]?) {
        guard let matrix = mask.values else { return }
        // A window may be shorter than the mask.
        matrix.fill(1)
        if let values { matrix.rows(0..<values.count / matrix.columns).assign(values.map(Float.init)) }
    }
}

extension Window {
    init(_ window: NaiveWindow) {
        self.init(
            inputs: window.inputs.map(Int32.init), targets: window.targets.map(Int32.init),
            length: window.inputs.count / window.batchSize, batchSize: window.batchSize)
    }
}

extension NaiveWindow {
    /// The first steps of the window, under the same masks.
    func prefix(steps: Int) -> NaiveWindow {
        var masks = masks
        masks.zoneout = masks.zoneout.map { mask in
            mask.map {
                NaiveMatrix(rows: steps * batchSize, columns: $0.columns, values: Array($0.values.prefix(steps * batchSize * $0.columns)))
            }
        }
        return NaiveWindow(
            inputs: Array(inputs.prefix(steps * batchSize)), targets: Array(targets.prefix(steps * batchSize)),
            batchSize: batchSize, masks: masks)
    }
}

extension RecurrentState {
    init(_ twin: NaiveState, cell kind: NaiveCell) {
        self.init(
            hidden: twin.hidden.values.map(Float.init), cell: kind != .gru ? twin.cell.values.map(Float.init) : [],
            input: twin.input?.values.map(Float.init))
    }
}

extension CellKind {
    init(_ twin: NaiveCell) {
        self = switch twin {
        case .lstm: .lstm
        case .gru: .gru
        case .qrnn: .qrnn
        }
    }
}

extension NaiveCell {
    init(_ kind: CellKind) {
        self = switch kind {
        case .lstm: .lstm
        case .gru: .gru
        case .qrnn: .qrnn
        }
    }
}

/// The largest distance of any layer's state from the twin's.
func relativeDistance(_ actual: ModelState, _ expected: [NaiveState], cell: NaiveCell) -> Double {
    guard actual.count == expected.count else { return .infinity }
    return zip(actual, expected).map { actual, expected in
        max(
            relativeDistance(actual.hidden, expected.hidden.values),
            relativeDistance(actual.cell, cell != .gru ? expected.cell.values : []),
            relativeDistance(actual.input ?? [], expected.input?.values ?? []))
    }.max() ?? 0
}
