import Documents

/// A text cut into B parallel streams: stream b is the contiguous part b of the tokens.
public struct TokenStreams: Sendable {
    /// The number of streams, B.
    public let batchSize: Int
    /// Tokens a stream. The last one is only ever a target, so there are `length - 1` steps.
    public let length: Int
    private let tokens: [Int32]

    /// Cuts the tokens to a multiple of `batchSize`.
    ///
    /// - Parameters:
    ///   - windowLength: the steps a window must have, so that texts too short for it are refused.
    ///   - split: what the text is called in an error.
    /// - Throws: `InputError` (`data`), which says how many tokens are needed.
    public init(tokens: [Int32], batchSize: Int, windowLength: Int = 1, split: String = "text") throws {
        guard batchSize > 0, windowLength > 0 else {
            throw InputError.data(
                "batch size \(batchSize), window length \(windowLength): both must be at least 1")
        }
        guard tokens.count / batchSize > windowLength else {
            let (needed, overflow) = batchSize.multipliedReportingOverflow(by: windowLength &+ 1)
            throw InputError.data(
                """
                \(split): \(tokens.count) tokens are fewer than one window; a batch of \(batchSize) and windows of \
                \(windowLength) steps need at least \(overflow ? Int.max : needed)
                """)
        }
        self.batchSize = batchSize
        length = tokens.count / batchSize
        self.tokens = tokens
    }

    /// The window that starts at step `position`; `length` is clipped to the steps that remain.
    public func window(at position: Int, length: Int) -> Window {
        let start = min(max(position, 0), self.length - 1)
        let steps = max(0, min(length, self.length - 1 - start))
        func rows(from first: Int) -> [Int32] {
            var row: [Int32] = []
            row.reserveCapacity(steps * batchSize)
            for step in first..<(first + steps) {
                for stream in 0..<batchSize {
                    row.append(tokens[stream * self.length + step])
                }
            }
            return row
        }
        return Window(inputs: rows(from: start), targets: rows(from: start + 1), length: steps, batchSize: batchSize)
    }
}

/// T steps of B streams: what the model reads and what it is to predict.
public struct Window: Sendable, Equatable {
    /// Token ids x[t], [T, B] row-major.
    public let inputs: [Int32]
    /// Token ids x[t + 1], [T, B] row-major.
    public let targets: [Int32]
    /// The number of steps, T.
    public let length: Int
    /// The number of streams, B.
    public let batchSize: Int

    public init(inputs: [Int32], targets: [Int32], length: Int, batchSize: Int) {
        self.inputs = inputs
        self.targets = targets
        self.length = length
        self.batchSize = batchSize
    }
}
