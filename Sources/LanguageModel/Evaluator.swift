import Corpus
import Foundation
import Kernels

/// Measures a model on text: state carried from window to window, nothing dropped.
public final class Evaluator {
    private let pass: WindowPass
    private let windowLength: Int

    /// Words at a time, unless told otherwise.
    static let defaultWindowLength = 70

    /// - Parameters:
    ///   - batchSize: number of parallel streams the text is cut into.
    ///   - windowLength: words at a time, 70 when nil; the result does not depend on it.
    ///   - memory: of the sequences; may be that of a pass that does not run meanwhile.
    public init(_ model: LanguageModel, batchSize: Int, windowLength: Int? = nil, memory: SequenceMemory = SequenceMemory()) {
        let windowLength = windowLength ?? Self.defaultWindowLength
        pass = WindowPass(model, batchSize: batchSize, maximumLength: windowLength, techniques: nil, memory: memory)
        self.windowLength = windowLength
    }

    /// Mean negative log-likelihood of a predicted token, in nats; its exponential is the perplexity.
    ///
    /// - Parameter split: what the text is, for error messages.
    /// - Throws: `InputError` when there are too few tokens for the batch size; what `afterWindow` throws.
    public func meanLoss(of tokens: [Int32], split: String, afterWindow: () throws -> Void = {}) throws -> Double {
        try measure(tokens, split: split, afterWindow: afterWindow).meanLoss
    }

    /// The ``meanLoss(of:split:afterWindow:)``, and how it is spread over the text: stretches of ``TextBlock/length`` predicted tokens of each
    /// stream, the last of a stream shorter, stream after stream.
    ///
    /// - Parameter record: called with the negative log-likelihoods of predicted tokens and the outputs from which they were predicted, as
    ///   ``WindowPass/loss(_:state:record:)`` calls it.
    /// - Throws: `InputError` when there are too few tokens for the batch size; what `afterWindow` throws.
    public func measure(
        _ tokens: [Int32], split: String, afterWindow: () throws -> Void = {}, record: ([Double], Matrix) -> Void = { _, _ in }
    ) throws -> (meanLoss: Double, blocks: [TextBlock]) {
        let streams = try TokenStreams(tokens: tokens, batchSize: pass.batchSize, split: split)
        let batchSize = pass.batchSize
        let blocksOfStream = (streams.length - 1 + TextBlock.length - 1) / TextBlock.length
        var blocks = [TextBlock](repeating: TextBlock(), count: batchSize * blocksOfStream)
        var state = pass.model.zeroState(batchSize: batchSize)
        var total = 0.0
        var predicted = 0
        var recorded = 0
        var position = 0
        while position < streams.length - 1 {
            let window = streams.window(at: position, length: windowLength)
            let (loss, after) = pass.loss(window, state: state) { losses, output in
                record(losses, output)
                for loss in losses {
                    let (step, stream) = recorded.quotientAndRemainder(dividingBy: batchSize)
                    blocks[stream * blocksOfStream + step / TextBlock.length].add(loss)
                    recorded += 1
                }
            }
            total += loss
            state = after
            predicted += window.targets.count
            position += window.length
            try afterWindow()
        }
        return (total / Double(predicted), blocks)
    }

    /// e to the ``meanLoss(of:split:afterWindow:)``.
    public func perplexity(of tokens: [Int32], split: String, afterWindow: () throws -> Void = {}) throws -> Double {
        exp(try meanLoss(of: tokens, split: split, afterWindow: afterWindow))
    }
}
