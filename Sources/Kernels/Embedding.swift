import CKernels

/// Rows of a table, looked up by word id.
extension Matrix {
    /// Writes `self[ids[i]] · scale[ids[i]]` to row i of `result`.
    ///
    /// - Parameters:
    ///   - ids: N word ids in 0 ..< V, for a table [V, E].
    ///   - rowScale: [1, V], or nil for 1.
    ///   - result: [N, E].
    public func lookUp(_ ids: [Int32], rowScale: Matrix?, into result: Matrix) {
        precondition(result.rows == ids.count && result.columns == columns)
        for (i, id) in ids.enumerated() {
            let row = checkedRow(id)
            let target = result.pointer + i * result.stride
            if let rowScale, rowScale.pointer[Int(id)] != 1 {
                for c in 0..<columns { target[c] = row[c] * rowScale.pointer[Int(id)] }
            } else {
                target.update(from: row, count: columns)
            }
        }
    }

    /// The transpose of the look-up: `self[ids[i]] += scale[ids[i]] · gradient[i]`.
    public func addLookUpGradient(_ gradient: Matrix, ids: [Int32], rowScale: Matrix?) {
        precondition(gradient.rows == ids.count && gradient.columns == columns)
        for (i, id) in ids.enumerated() {
            let row = checkedRow(id)
            ck_add_scaled(columns, rowScale.map { $0.pointer[Int(id)] } ?? 1, gradient.pointer + i * gradient.stride, row)
        }
    }

    private func checkedRow(_ id: Int32) -> UnsafeMutablePointer<Float> {
        precondition(id >= 0 && Int(id) < rows, "word \(id) is not in a table of \(rows)")
        return pointer + Int(id) * stride
    }
}
