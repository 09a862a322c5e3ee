/// Plain SGD: the gradient is clipped by its global norm, decay is added to it, then it is followed.
public struct NaiveSGD: Sendable {
    public var learningRate: Double
    /// Largest global norm; 0 is off.
    public var clipping: Double
    public var weightDecay: Double

    public init(learningRate: Double, clipping: Double, weightDecay: Double) {
        self.learningRate = learningRate
        self.clipping = clipping
        self.weightDecay = weightDecay
    }

    /// The Euclidean norm of all gradients together.
    public static func norm(_ gradients: [String: [Double]]) -> Double {
        gradients.values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    public func update(_ parameters: inout [String: [Double]], gradients: [String: [Double]]) {
        // The 1e-6 is PyTorch's guard against a zero norm.
        let scale = clipping > 0 ? min(1, clipping / (Self.norm(gradients) + 1e-6)) : 1
        for (name, gradient) in gradients {
            for index in gradient.indices {
                let value = parameters[name]![index]
                parameters[name]![index] = value - learningRate * (gradient[index] * scale + weightDecay * value)
            }
        }
    }
}
