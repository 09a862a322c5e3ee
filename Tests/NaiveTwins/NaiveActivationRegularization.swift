/// AR: α · mean(h²) over all T·B·E entries of the dropped last output.
public enum NaiveActivationRegularization {
    /// - Returns: the penalty and its gradient, [T, B, E].
    public static func evaluate(_ output: NaiveMatrix, alpha: Double) -> (loss: Double, gradient: NaiveMatrix) {
        let count = Double(output.values.count)
        var gradient = output
        var loss = 0.0
        for index in output.values.indices {
            loss += alpha * output.values[index] * output.values[index] / count
            gradient.values[index] = 2 * alpha * output.values[index] / count
        }
        return (loss, gradient)
    }
}
