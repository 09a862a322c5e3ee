/// How the hidden-to-hidden matrix of each gate is initialised.
public enum RecurrentInitialisation: String, CaseIterable, Sendable, Codable {
    /// Uniform in ±1/√H, as the paper and PyTorch do.
    case uniform
    /// A random orthogonal matrix a gate, from a QR decomposition.
    case orthogonal
}
