import CKernels

/// Softmax cross-entropy over rows of logits.
public enum SoftmaxCrossEntropy {
    /// Adds the bias, and replaces the logits by `scale` times the gradient (softmax − one-hot) of the loss.
    ///
    /// - Parameters:
    ///   - logits: [N, V], contiguous.
    ///   - bias: [1, V].
    ///   - targets: N word ids in 0 ..< V.
    ///   - scale: factor of the gradient; at 0 only the loss is computed and the logits are scratch.
    /// - Returns: the summed negative log-likelihood of the targets, in nats.
    public static func lossAndGradient(
        logits: Matrix, bias: Matrix, targets: ArraySlice<Int32>, scale: Float
    ) -> Double {
        total(logits: logits, bias: bias, targets: targets, scale: scale, losses: nil)
    }

    /// Adds the bias, and computes the loss of every row.
    ///
    /// - Parameters:
    ///   - logits: [N, V], contiguous.
    ///   - bias: [1, V].
    ///   - targets: N word ids in 0 ..< V.
    ///   - scale: factor of the gradient that takes the place of the logits; at 0 they are scratch.
    /// - Returns: the summed negative log-likelihood of the targets, bitwise that of ``lossAndGradient(logits:bias:targets:scale:)``,
    ///   and that of each, in nats.
    public static func losses(
        logits: Matrix, bias: Matrix, targets: ArraySlice<Int32>, scale: Float = 0
    ) -> (total: Double, each: [Double]) {
        var each = [Double](repeating: 0, count: logits.rows)
        let sum = each.withUnsafeMutableBufferPointer {
            total(logits: logits, bias: bias, targets: targets, scale: scale, losses: $0.baseAddress)
        }
        return (sum, each)
    }

    private static func total(
        logits: Matrix, bias: Matrix, targets: ArraySlice<Int32>, scale: Float, losses: UnsafeMutablePointer<Double>?
    ) -> Double {
        precondition(logits.isContiguous && bias.count == logits.columns && targets.count == logits.rows)
        precondition(targets.allSatisfy { $0 >= 0 && $0 < logits.columns }, "a target is not in the vocabulary")
        return targets.withUnsafeBufferPointer { targets in
            sumOfParts(of: logits.rows) { rows in
                let part = logits.rows(rows)
                return ck_softmax_cross_entropy(
                    part.rows, part.columns, part.pointer, bias.pointer, targets.baseAddress.map { $0 + rows.lowerBound }, scale,
                    losses.map { $0 + rows.lowerBound })
            }
        }
    }
}
