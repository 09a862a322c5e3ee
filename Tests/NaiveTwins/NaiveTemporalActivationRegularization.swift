/// TAR: β · mean((h[t+1] − h[t])²) over all (T−1)·B·E differences of the raw last output.
public enum NaiveTemporalActivationRegularization {
    /// - Returns: the penalty and its gradient, [T, B, E].
    public static func evaluate(
        _ output: NaiveMatrix, batchSize: Int, beta: Double
    ) -> (loss: Double, gradient: NaiveMatrix) {
        var gradient = NaiveMatrix(rows: output.rows, columns: output.columns)
        var loss = 0.0
        let count = Double((output.rows - batchSize) * output.columns)
        for row in batchSize..<output.rows {
            for column in 0..<output.columns {
                let difference = output[row, column] - output[row - batchSize, column]
                loss += beta * difference * difference / count
                gradient[row, column] += 2 * beta * difference / count
                gradient[row - batchSize, column] -= 2 * beta * difference / count
            }
        }
        return (loss, gradient)
    }
}
