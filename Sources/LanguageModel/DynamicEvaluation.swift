import Corpus
import Kernels
import Optimizers

/// Dynamic evaluation (Krause et al. 2018): the model goes on learning from the text that it is measured on, each word being predicted before
/// it is learned from.
///
/// As in the authors' code, a text is read as one stream, five words at a time, with a step after each five (``Optimizers/DynamicUpdate``),
/// and the mean squares of the gradients come from the training text in 100 streams. Regularizers are absent. Afterwards the weights are what
/// they were, to the last bit.
public final class DynamicEvaluation {
    public typealias Strengths = DynamicUpdate.Strengths

    /// Those that are tried on validation text: rates and decays round the authors' own, 5e-5 and 0.002, and upwards.
    public static let candidates: [Strengths] = [3e-5, 1e-4, 3e-4, 1e-3].flatMap { rate in
        [0.001, 0.003, 0.01].map { Strengths(rate: rate, decay: $0) }
    }
    /// Number of validation tokens, from the beginning, on which they are tried.
    public static let tuningTokens = 10_000
    /// T, words from one step to the next.
    static let windowLength = 5
    /// B, when the mean squares are collected; fewer where the text is short.
    static let statisticsBatchSize = 100

    private let model: LanguageModel
    private let pass: WindowPass
    private let update: DynamicUpdate

    /// Collects the mean squares of the gradients.
    ///
    /// - Parameter training: the text that the model was trained on.
    /// - Throws: `InputError` when it has fewer than two tokens.
    public init(_ model: LanguageModel, training: [Int32]) throws {
        self.model = model
        pass = Self.pass(through: model, batchSize: 1)
        let batchSize = max(1, min(Self.statisticsBatchSize, training.count / (Self.windowLength + 1)))
        let streams = try TokenStreams(tokens: training, batchSize: batchSize, split: "training text")
        let statistics = Self.pass(through: model, batchSize: batchSize)
        let squares = ParameterStorage(model.parameters.shapes)
        var steps = 0
        Self.forEachWindow(of: streams, state: model.zeroState(batchSize: batchSize)) { window, state in
            let (_, after) = statistics.lossAndGradients(window, state: state)
            statistics.gradients.flat.multiply(by: statistics.gradients.flat)
            squares.flat.add(statistics.gradients.flat)
            steps += 1
            return after
        }
        update = DynamicUpdate(squares: squares, steps: steps, parameters: model.parameters.flat)
    }

    /// Reads a text while learning from it.
    ///
    /// - Parameter split: what the text is, for error messages.
    /// - Throws: `InputError` when there are fewer than two tokens.
    public func read(_ tokens: [Int32], strengths: Strengths, split: String) throws -> TextReading {
        let streams = try TokenStreams(tokens: tokens, batchSize: 1, split: split)
        defer { update.reset(model.parameters.flat) }
        var losses: [Double] = []
        Self.forEachWindow(of: streams, state: model.zeroState(batchSize: 1)) { window, state in
            let (_, after) = pass.lossAndGradients(window, state: state) { losses += $0 }
            update.step(model.parameters.flat, gradients: pass.gradients.flat, strengths: strengths)
            return after
        }
        return TextReading(losses: losses)
    }

    /// Tries the candidates on the beginning of a validation text.
    ///
    /// - Returns: the best of them, and its perplexity there; one that leaves the numbers is not.
    /// - Throws: `InputError` when there are fewer than two tokens.
    public func tune(on validation: [Int32], candidates: [Strengths] = DynamicEvaluation.candidates) throws -> (strengths: Strengths, perplexity: Double) {
        let text = Array(validation.prefix(Self.tuningTokens))
        let tried = try candidates.map { ($0, try read(text, strengths: $0, split: "validation text").perplexity) }
        return tried.min { ($0.1.isNaN ? .infinity : $0.1) < ($1.1.isNaN ? .infinity : $1.1) } ?? (Strengths(rate: 0, decay: 0), .nan)
    }

    private static func pass(through model: LanguageModel, batchSize: Int) -> WindowPass {
        WindowPass(
            model, batchSize: batchSize, maximumLength: windowLength, techniques: .absent(from: model, batchSize: batchSize))
    }

    /// Calls `body` with one window after another and the state before it; it returns the one after it.
    private static func forEachWindow(of streams: TokenStreams, state: ModelState, _ body: (Window, ModelState) -> ModelState) {
        var (state, position) = (state, 0)
        while position < streams.length - 1 {
            let window = streams.window(at: position, length: windowLength)
            state = body(window, state)
            position += window.length
        }
    }
}
