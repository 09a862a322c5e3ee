/// A table of word vectors [V, E]; embedding dropout multiplies the row of word w by scales[w].
public enum NaiveEmbedding {
    /// - Returns: the vectors of the tokens, [T, B, E].
    public static func forward(table: NaiveMatrix, tokens: [Int], scales: [Double]?) -> NaiveMatrix {
        var output = NaiveMatrix(rows: tokens.count, columns: table.columns)
        for (row, token) in tokens.enumerated() {
            for column in 0..<table.columns { output[row, column] = table[token, column] * (scales?[token] ?? 1) }
        }
        return output
    }

    /// Adds to the gradient of the table, [V, E].
    public static func backward(
        outputGradient: NaiveMatrix, tokens: [Int], scales: [Double]?, tableGradient: inout NaiveMatrix
    ) {
        for (row, token) in tokens.enumerated() {
            for column in 0..<tableGradient.columns {
                tableGradient[token, column] += outputGradient[row, column] * (scales?[token] ?? 1)
            }
        }
    }
}
