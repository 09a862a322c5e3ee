import Kernels

/// Limits the norm of all gradients together.
public struct GradientClipping: Sendable {
    /// Largest norm; 0 turns clipping off.
    public let maximumNorm: Float

    public init(maximumNorm: Float) { self.maximumNorm = maximumNorm }

    /// The factor that brings gradients of the given norm to at most ``maximumNorm``.
    public func factor(norm: Double) -> Float {
        guard maximumNorm > 0, norm > Double(maximumNorm) else { return 1 }
        return Float(Double(maximumNorm) / norm)
    }
}
