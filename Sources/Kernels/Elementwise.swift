import CKernels

/// Loops over all values of contiguous matrices of one shape.
extension Matrix {
    /// Multiplies every value by the one at the same place in `mask`.
    public func multiply(by mask: Matrix) { multiply(by: mask, into: self) }

    /// `result = self ∘ mask`; where `mask` is as wide but has fewer rows, it is repeated down the rows.
    ///
    /// With a mask [B, W] and a sequence [T·B, W] every time step meets the same mask.
    public func multiply(by mask: Matrix, into result: Matrix) {
        precondition(isContiguous && mask.isContiguous && result.isContiguous)
        precondition(mask.columns == columns && result.count == count && mask.count > 0 && count % mask.count == 0)
        StepProfile.measure(.masks) {
            if mask.count == count {
                ThreadTeam.forEachPart(of: count, granule: 4096) { part in
                    let start = part.lowerBound
                    ck_multiply(part.count, pointer + start, mask.pointer + start, result.pointer + start)
                }
            } else {
                ThreadTeam.forEachPart(of: count / mask.count) { steps in
                    for start in steps.map({ $0 * mask.count }) {
                        ck_multiply(mask.count, pointer + start, mask.pointer, result.pointer + start)
                    }
                }
            }
        }
    }

    /// `self += factor · other`.
    public func add(_ other: Matrix, scaledBy factor: Float = 1) {
        precondition(isContiguous && other.isContiguous && other.count == count)
        ck_add_scaled(count, factor, other.pointer, pointer)
    }

    /// Adds the sum of each column of `matrix` to the value of that column in this single row.
    public func addColumnSums(of matrix: Matrix) {
        precondition(rows == 1 && columns == matrix.columns)
        ThreadTeam.forEachPart(of: columns, granule: 64) { part in
            ck_add_column_sums(matrix.rows, part.count, matrix.pointer + part.lowerBound, matrix.stride, pointer + part.lowerBound)
        }
    }

    /// Replaces every value by `factor · √value`.
    public func takeSquareRoots(scaledBy factor: Float = 1) {
        precondition(isContiguous)
        for index in 0..<count { pointer[index] = factor * pointer[index].squareRoot() }
    }

    /// The mean of all values, in double precision.
    public var mean: Double {
        precondition(isContiguous)
        return UnsafeBufferPointer(start: pointer, count: count).reduce(0) { $0 + Double($1) } / Double(count)
    }

    /// Σ v², in double precision between blocks of 4,096 values.
    public var sumOfSquares: Double {
        precondition(isContiguous)
        return StepProfile.measure(.optimizer) {
            sumOfParts(of: count, granule: 4096) { ck_sum_of_squares($0.count, pointer + $0.lowerBound) }
        }
    }

    /// The penalty factor/2 · Σ (h[t+1] − h[t])² over the steps of a sequence, whose gradient is added to `gradient`.
    ///
    /// - Parameters:
    ///   - step: number of rows of one time step (B).
    ///   - factor: twice the strength divided by the number of terms.
    /// - Returns: Σ (h[t+1] − h[t])².
    public func addDifferencePenaltyGradient(step: Int, factor: Float, to gradient: Matrix) -> Double {
        precondition(isContiguous && gradient.isContiguous && gradient.count == count && rows >= step)
        let width = step * columns
        var total = 0.0
        for start in Swift.stride(from: 0, to: count - width, by: width) {
            total += ck_difference_penalty(
                width, pointer + start, pointer + start + width, factor, gradient.pointer + start,
                gradient.pointer + start + width)
        }
        return total
    }
}
