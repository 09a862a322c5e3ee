/// The affine map from the last output to the words' logits: W h + b, W [V, E], b [1, V].
public enum NaiveDecoder {
    /// - Returns: logits, [T, B, V].
    public static func forward(input: NaiveMatrix, weight: NaiveMatrix, bias: NaiveMatrix) -> NaiveMatrix {
        var logits = NaiveMatrix(rows: input.rows, columns: weight.rows)
        for row in 0..<input.rows {
            logits.setRow(row, to: zip(weight.times(input.row(row)), bias.values).map { $0 + $1 })
        }
        return logits
    }

    /// Adds to the gradients of weight and bias. - Returns: dL/d(input), [T, B, E].
    public static func backward(
        logitsGradient: NaiveMatrix, input: NaiveMatrix, weight: NaiveMatrix,
        weightGradient: inout NaiveMatrix, biasGradient: inout NaiveMatrix
    ) -> NaiveMatrix {
        var inputGradient = NaiveMatrix(rows: input.rows, columns: input.columns)
        for row in 0..<input.rows {
            let gradient = logitsGradient.row(row)
            weightGradient.addOuter(gradient, input.row(row))
            biasGradient.addToRow(0, gradient)
            inputGradient.setRow(row, to: weight.transposedTimes(gradient))
        }
        return inputGradient
    }
}
