import CBLAS
import CKernels

/// A factor of a matrix product: a ``Matrix``, or one seen transposed.
public protocol MatrixFactor {
    /// The values as stored.
    var matrix: Matrix { get }
    /// Whether rows and columns change places in the product.
    var isTransposed: Bool { get }
}

extension Matrix: MatrixFactor {
    public var matrix: Matrix { self }
    public var isTransposed: Bool { false }
    /// The same values with rows and columns exchanged, as a factor of a product.
    public var transposed: TransposedMatrix { TransposedMatrix(matrix: self) }
}

/// A matrix whose rows and columns change places in a product.
public struct TransposedMatrix: MatrixFactor {
    public let matrix: Matrix
    public var isTransposed: Bool { true }
}

extension MatrixFactor {
    fileprivate var shape: (rows: Int, columns: Int) {
        isTransposed ? (matrix.columns, matrix.rows) : (matrix.rows, matrix.columns)
    }
    /// Some rows, or columns, of the factor as the product sees it.
    fileprivate func factorRows(_ range: Range<Int>) -> any MatrixFactor { isTransposed ? matrix.columns(range).transposed : matrix.rows(range) }
    fileprivate func factorColumns(_ range: Range<Int>) -> any MatrixFactor { isTransposed ? matrix.rows(range).transposed : matrix.columns(range) }
    fileprivate var stored: ck_factor { ck_factor(values: matrix.pointer, stride: matrix.stride, transposed: isTransposed ? 1 : 0) }
    fileprivate var orientation: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
}

/// `result = a · b + beta · result`. Whatever the number of threads, the sums have the same order.
///
/// - Parameters:
///   - a: [M, K].
///   - b: [K, N].
///   - result: [M, N].
///   - beta: 0 overwrites, 1 accumulates.
///   - path: who does it; small float32 products go to OpenBLAS on both paths that there are for these.
public func multiply(
    _ a: some MatrixFactor, _ b: some MatrixFactor, into result: Matrix, beta: Float = 0, path: ProductPath = .preferred
) {
    let (m, k) = a.shape
    let n = b.shape.columns
    precondition(b.shape.rows == k && result.rows == m && result.columns == n, "the shapes do not fit")
    let isExact = path.precision == .float32
    if isExact && m == 1 && !a.isTransposed {
        BLASLibrary.requireMemory()
        cblas_sgemv(
            CblasRowMajor, b.isTransposed ? CblasNoTrans : CblasTrans, blasint(b.matrix.rows), blasint(b.matrix.columns), 1,
            b.matrix.pointer, blasint(b.matrix.stride), a.matrix.pointer, 1, beta, result.pointer, 1)
    } else if Double(m) * Double(n) * Double(k) < smallestShared {
        product(a, b, result, beta, isExact ? .openBLAS : path)
    } else if Rehearsal.isOn {
        // The kernels of the parts, whatever the number of threads, are the same.
        if path == .libxsmm { _ = ck_prepare_packing(m, n, k, a.stored, result.stride, beta == 0 ? 0 : 1) }
    } else if m >= n {
        ThreadTeam.forEachPart(of: m, granule: isExact ? 20 : tileGranule) { product(a.factorRows($0), b, result.rows($0), beta, path) }
    } else {
        ThreadTeam.forEachPart(of: n, granule: isExact ? 64 : tileGranule) {
            product(a, b.factorColumns($0), result.columns($0), beta, path)
        }
    }
}

/// Multiplications of the smallest product that is worth sharing.
private let smallestShared = 1e6
private let tileGranule = Int(CK_TILE_GRANULE)

private func product(_ a: some MatrixFactor, _ b: some MatrixFactor, _ result: Matrix, _ beta: Float, _ path: ProductPath) {
    switch path {
    case .openBLAS: blasProduct(a, b, result, beta)
    case .libxsmm:
        let isDone = (beta == 0 || beta == 1)
            && ck_multiply_packing(
                result.rows, result.columns, a.shape.columns, a.stored, b.stored, result.pointer, result.stride, beta == 0 ? 0 : 1) != 0
        if !isDone { blasProduct(a, b, result, beta) }
    case .amx, .avx512BF16: tileProduct(a, b, result, beta, path)
    }
}

private func tileProduct(_ a: some MatrixFactor, _ b: some MatrixFactor, _ result: Matrix, _ beta: Float, _ path: ProductPath) {
    precondition(beta == 0 || beta == 1, "a product overwrites or accumulates")
    let (rows, depth) = a.shape
    if beta == 0 && depth == 0 { result.fill(0) }
    guard result.count > 0 && depth > 0 else { return }
    let isDone = ck_multiply_bfloat16(
        path.kernel, rows, result.columns, depth, a.stored, b.stored, result.pointer, result.stride, beta == 0 ? 0 : 1)
    if isDone == 0 { Buffer.endForWantOfMemory(bytes: path.scratchBytes(rows: rows, depth: depth)) }
}

private func blasProduct(_ a: some MatrixFactor, _ b: some MatrixFactor, _ result: Matrix, _ beta: Float) {
    BLASLibrary.requireMemory()
    cblas_sgemm(
        CblasRowMajor, a.orientation, b.orientation, blasint(a.shape.rows), blasint(b.shape.columns), blasint(a.shape.columns), 1,
        a.matrix.pointer, blasint(a.matrix.stride), b.matrix.pointer, blasint(b.matrix.stride), beta,
        result.pointer, blasint(result.stride))
}
