import CKernels

/// Who does the matrix products.
public enum ProductPath: String, CaseIterable, Sendable {
    /// Kernels that libxsmm generates for the shape at hand.
    case libxsmm
    case openBLAS = "openblas"

    /// The faster one of those this program was built with and the processor allows.
    public static let preferred: ProductPath = ck_has_kernels() != 0 ? .libxsmm : .openBLAS

    /// Bytes that a thread keeps for packing the factors of its products, the largest of them `rows` × `depth`. Of OpenBLAS, which does
    /// not tell, what its kernels fill at most.
    public func scratchBytes(rows: Int, depth: Int) -> Int {
        switch self {
        case .libxsmm: MemoryLayout<Float>.size * ck_scratch_count(rows, depth)
        case .openBLAS: 1 << 25
        }
    }
}
