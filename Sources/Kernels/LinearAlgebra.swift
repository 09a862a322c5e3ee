import CLAPACKE

/// What LAPACK could not do.
public struct LinearAlgebraError: Error, CustomStringConvertible {
    public let description: String
}

extension Matrix {
    /// Replaces a square matrix by the orthogonal factor Q of its QR decomposition, columns signed so that R has a
    /// positive diagonal; for normally distributed values Q is then uniform among the orthogonal matrices.
    ///
    /// - Throws: ``LinearAlgebraError`` when LAPACK refuses the matrix.
    public func orthogonalise() throws {
        precondition(rows == columns && isContiguous)
        let n = Int32(rows)
        var tau = [Float](repeating: 0, count: rows)
        BLASLibrary.requireMemory()
        var status = LAPACKE_sgeqrf(LAPACK_ROW_MAJOR, n, n, pointer, n, &tau)
        let signs = (0..<rows).map { self[$0, $0] < 0 ? Float(-1) : 1 }
        if status == 0 { status = LAPACKE_sorgqr(LAPACK_ROW_MAJOR, n, n, n, pointer, n, tau) }
        guard status == 0 else { throw LinearAlgebraError(description: "QR decomposition failed with status \(status)") }
        for row in 0..<rows {
            for column in 0..<columns { self[row, column] *= signs[column] }
        }
    }

    /// The singular values, largest first. The matrix keeps its values.
    ///
    /// - Throws: ``LinearAlgebraError`` when the decomposition does not converge.
    public func singularValues() throws -> [Float] {
        var copy = toArray()
        var values = [Float](repeating: 0, count: min(rows, columns))
        var superdiagonal = values
        BLASLibrary.requireMemory()
        let status = LAPACKE_sgesvd(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")), Int32(rows), Int32(columns),
            &copy, Int32(columns), &values, nil, Int32(rows), nil, Int32(columns), &superdiagonal)
        guard status == 0 else {
            throw LinearAlgebraError(description: "singular value decomposition failed with status \(status)")
        }
        return values
    }
}
