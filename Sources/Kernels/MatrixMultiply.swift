import CBLAS

/// Whether a factor of a product is used as stored or transposed.
public enum Orientation {
    case asStored
    case transposed

    fileprivate var blas: CBLAS_TRANSPOSE { self == .asStored ? CblasNoTrans : CblasTrans }
}

/// `result = a · b + beta · result`, by OpenBLAS.
///
/// - Parameters:
///   - a: [M, K], or [K, M] when transposed.
///   - b: [K, N], or [N, K] when transposed.
///   - result: [M, N].
///   - beta: 0 overwrites, 1 accumulates.
public func multiply(
    _ a: Matrix, _ orientationA: Orientation = .asStored, _ b: Matrix, _ orientationB: Orientation = .asStored,
    into result: Matrix, beta: Float = 0
) {
    let (m, k) = orientationA == .asStored ? (a.rows, a.columns) : (a.columns, a.rows)
    let (k2, n) = orientationB == .asStored ? (b.rows, b.columns) : (b.columns, b.rows)
    precondition(k == k2 && result.rows == m && result.columns == n, "shapes do not fit")
    cblas_sgemm(
        CblasRowMajor, orientationA.blas, orientationB.blas, blasint(m), blasint(n), blasint(k), 1,
        a.pointer, blasint(a.stride), b.pointer, blasint(b.stride), beta, result.pointer, blasint(result.stride))
}
