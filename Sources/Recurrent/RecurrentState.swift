/// The state that a layer carries from window to window: a value, passed in and returned.
public struct RecurrentState: Equatable, Sendable, Codable {
    /// [B, H], the last output.
    public var hidden: [Float]
    /// [B, H], the cell of an LSTM or QRNN; empty for a GRU.
    public var cell: [Float]
    /// [B, I], the last input, of a layer that reads it again at the next step; nil for others.
    public var input: [Float]?

    public init(hidden: [Float], cell: [Float], input: [Float]? = nil) {
        self.hidden = hidden
        self.cell = cell
        self.input = input
    }

    /// The state before the first word.
    ///
    /// - Parameter inputSize: I of a layer that reads the input of the step before, too; nil for others.
    public static func zero(_ kind: CellKind, batchSize: Int, hiddenSize: Int, inputSize: Int? = nil) -> RecurrentState {
        let zeros = [Float](repeating: 0, count: batchSize * hiddenSize)
        return RecurrentState(
            hidden: zeros, cell: kind == .gru ? [] : zeros, input: inputSize.map { [Float](repeating: 0, count: batchSize * $0) })
    }
}
