import Kernels

/// AR (§4.6): α · mean(h²) over the dropped output of the last layer.
public struct ActivationRegularization: Sendable {
    /// α; 0 is absent.
    public let strength: Float

    public init(strength: Float) { self.strength = strength }

    /// Adds the penalty's gradient to that of the output, and returns the penalty.
    ///
    /// - Parameters:
    ///   - output: [T·B, E], after dropout.
    ///   - gradient: [T·B, E], of the dropped output.
    public func addGradient(of output: Matrix, to gradient: Matrix) -> Double {
        guard strength > 0 else { return 0 }
        gradient.add(output, scaledBy: 2 * strength / Float(output.count))
        return Double(strength) * output.sumOfSquares / Double(output.count)
    }
}
