/// The recurrent cells that a model can be built of.
public enum CellKind: String, CaseIterable, Sendable, Codable {
    case lstm
    case gru

    /// Number of gates, that is of H-sized blocks in a weight matrix: 4 (input, forget, cell, output) or 3 (reset, update, new).
    public var gateCount: Int { self == .lstm ? 4 : 3 }
}
