import Kernels

/// TAR (§4.6): β · mean((h[t+1] − h[t])²) over the raw output of the last layer.
public struct TemporalActivationRegularization: Sendable {
    /// β; 0 is absent.
    public let strength: Float

    public init(strength: Float) { self.strength = strength }

    /// Adds the penalty's gradient to that of the output, and returns the penalty.
    ///
    /// - Parameters:
    ///   - output: [T·B, E], before dropout, T ≥ 2.
    ///   - gradient: [T·B, E], of the raw output.
    public func addGradient(of output: Matrix, batchSize: Int, to gradient: Matrix) -> Double {
        let terms = output.count - batchSize * output.columns
        guard strength > 0, terms > 0 else { return 0 }
        let squares = output.addDifferencePenaltyGradient(
            step: batchSize, factor: 2 * strength / Float(terms), to: gradient)
        return Double(strength) * squares / Double(terms)
    }
}
