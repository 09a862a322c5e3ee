import Kernels

/// Output words from the last layer: logits, softmax cross-entropy and their gradients, in blocks of rows, so that the
/// logits of a window never exist whole.
struct Decoder {
    /// [R, V], with R rows a block.
    private let logits: Matrix
    private let path: ProductPath

    /// Blocks hold at most twenty megabytes.
    ///
    /// - Parameters:
    ///   - precision: of all matrix products; the machine must have what it needs.
    ///   - memory: where the block lies.
    init(vocabularySize: Int, maximumRows: Int, precision: Precision, memory: SequenceMemory = SequenceMemory()) {
        path = .preferred(for: precision)
        logits = memory.matrix(rows: Self.blockRows(vocabularySize: vocabularySize, maximumRows: maximumRows), columns: vocabularySize)
    }

    /// R, the largest number of rows of a block.
    static func blockRows(vocabularySize: Int, maximumRows: Int) -> Int { min(maximumRows, max(1, 5_242_880 / vocabularySize)) }

    /// The summed negative log-likelihood of `targets`.
    ///
    /// - Parameters:
    ///   - output: [N, E]. - weight: [V, E]. - bias: [1, V].
    ///   - record: called with the negative log-likelihoods of the targets and the rows of `output` that they come from, one block of
    ///     them after another.
    func loss(
        output: Matrix, targets: [Int32], weight: Matrix, bias: Matrix, record: ([Double], Matrix) -> Void = { _, _ in }
    ) -> Double {
        forEachBlock(of: output.rows) { rows, logits in
            multiply(output.rows(rows), weight.transposed, into: logits, path: path)
            let losses = SoftmaxCrossEntropy.losses(logits: logits, bias: bias, targets: targets[rows])
            record(losses.each, output.rows(rows))
            return losses.total
        }
    }

    /// The summed negative log-likelihood, and the gradients of its mean.
    ///
    /// - Parameters:
    ///   - outputGradient: [N, E], written.
    ///   - weightGradient: [V, E], added to. - biasGradient: [1, V], added to.
    ///   - record: called with the negative log-likelihoods of the targets, one block of them after another; nil where nobody wants them.
    func lossAndGradients(
        output: Matrix, targets: [Int32], weight: Matrix, bias: Matrix, outputGradient: Matrix, weightGradient: Matrix,
        biasGradient: Matrix, record: (([Double]) -> Void)? = nil
    ) -> Double {
        forEachBlock(of: output.rows) { rows, logits in
            multiply(output.rows(rows), weight.transposed, into: logits, path: path)
            let (targets, scale) = (targets[rows], 1 / Float(output.rows))
            let loss: Double
            if let record {
                let losses = SoftmaxCrossEntropy.losses(logits: logits, bias: bias, targets: targets, scale: scale)
                record(losses.each)
                loss = losses.total
            } else {
                loss = SoftmaxCrossEntropy.lossAndGradient(logits: logits, bias: bias, targets: targets, scale: scale)
            }
            multiply(logits, weight, into: outputGradient.rows(rows), path: path)
            multiply(logits.transposed, output.rows(rows), into: weightGradient, beta: 1, path: path)
            biasGradient.addColumnSums(of: logits)
            return loss
        }
    }

    /// The logits of every word after one row of output, [V].
    ///
    /// - Parameters:
    ///   - output: [1, E]. - weight: [V, E]. - bias: [1, V].
    func logits(output: Matrix, weight: Matrix, bias: Matrix) -> [Float] {
        let logits = logits.rows(0..<1)
        multiply(output, weight.transposed, into: logits, path: path)
        logits.add(bias)
        return logits.toArray()
    }

    private func forEachBlock(of rows: Int, _ body: (Range<Int>, Matrix) -> Double) -> Double {
        StepProfile.measure(.decoder) {
            // Blocks of one size: in a small one, packing the weights weighs more.
            let blocks = (rows + logits.rows - 1) / logits.rows
            return (0..<blocks).reduce(0) { total, block in
                let (start, end) = (rows * block / blocks, rows * (block + 1) / blocks)
                return total + body(start..<end, logits.rows(0..<end - start))
            }
        }
    }
}
