/// The recurrent cells that a model can be built of.
public enum CellKind: String, CaseIterable, Sendable, Codable {
    case lstm
    case gru
    case qrnn

    /// Number of gates, that is of H-sized blocks in a weight matrix: 4 (input, forget, cell, output), 3 (reset, update, new), or 3
    /// (candidate, forget, output).
    public var gateCount: Int { self == .lstm ? 4 : 3 }

    /// Whether a step multiplies the output before it by a matrix. The quasi-recurrent layer's does not.
    public var hasHiddenProduct: Bool { self != .qrnn }

    /// Number of time steps of its input that a step of layer `layer` reads, its own included: 2 in the first quasi-recurrent layer,
    /// as the reference code of the paper's authors has it.
    public func inputWindow(layer: Int) -> Int { self == .qrnn && layer == 0 ? 2 : 1 }
}
