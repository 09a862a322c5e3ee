import CKernels

/// Who does the matrix products.
public enum ProductPath: String, CaseIterable, Sendable {
    /// Kernels that libxsmm generates for the shape at hand.
    case libxsmm
    case openBLAS = "openblas"

    /// The faster one of those this program was built with and the processor allows.
    public static let preferred: ProductPath = ck_has_kernels() != 0 ? .libxsmm : .openBLAS
}
