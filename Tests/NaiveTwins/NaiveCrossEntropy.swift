import Foundation

/// Softmax cross-entropy in nats, the mean over all T·B predictions.
public enum NaiveCrossEntropy {
    /// - Returns: the loss and dL/d(logits), [T, B, V].
    public static func evaluate(logits: NaiveMatrix, targets: [Int]) -> (loss: Double, gradient: NaiveMatrix) {
        var loss = 0.0
        var gradient = NaiveMatrix(rows: logits.rows, columns: logits.columns)
        let count = Double(targets.count)
        for (row, target) in targets.enumerated() {
            let values = logits.row(row)
            let largest = values.reduce(-Double.infinity) { Swift.max($0, $1) }
            let exponentials = values.map { exp($0 - largest) }
            let sum = exponentials.reduce(0, +)
            loss -= (values[target] - largest - log(sum)) / count
            for column in 0..<logits.columns {
                gradient[row, column] = (exponentials[column] / sum - (column == target ? 1 : 0)) / count
            }
        }
        return (loss, gradient)
    }
}
