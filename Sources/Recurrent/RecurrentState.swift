/// The state that a layer carries from window to window: a value, passed in and returned.
public struct RecurrentState: Equatable, Sendable, Codable {
    /// [B, H], the last output.
    public var hidden: [Float]
    /// [B, H], the LSTM's cell; empty for a GRU.
    public var cell: [Float]

    public init(hidden: [Float], cell: [Float]) {
        self.hidden = hidden
        self.cell = cell
    }

    /// The state before the first word.
    public static func zero(_ kind: CellKind, batchSize: Int, hiddenSize: Int) -> RecurrentState {
        let zeros = [Float](repeating: 0, count: batchSize * hiddenSize)
        return RecurrentState(hidden: zeros, cell: kind == .lstm ? zeros : [])
    }
}
