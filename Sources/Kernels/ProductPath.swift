import CKernels

/// Who does the matrix products. Sums differ in their order, and so in their last bits.
public enum ProductPath: String, CaseIterable, Sendable {
    /// Kernels that libxsmm generates for the shape at hand.
    case libxsmm
    case openBLAS = "openblas"
    /// Factors in bfloat16, by the tile registers of Intel's AMX.
    case amx
    /// Factors in bfloat16, by the instruction VDPBF16PS.
    case avx512BF16 = "avx512-bf16"

    /// What the factors are rounded to.
    public var precision: Precision {
        switch self {
        case .libxsmm, .openBLAS: .float32
        case .amx, .avx512BF16: .bfloat16
        }
    }

    /// Those that this program was built with and the processor allows, for each precision the fastest first.
    public static let available = allCases.filter(\.isAvailable)

    /// The fastest one for float32.
    public static let preferred: ProductPath = hasKernels ? .libxsmm : .openBLAS

    /// The fastest one for a precision; there must be one, that is, ``Precision/missing`` must be nil.
    public static func preferred(for precision: Precision) -> ProductPath {
        guard let path = available.first(where: { $0.precision == precision }) else {
            preconditionFailure(precision.missing ?? "nobody does the products")
        }
        return path
    }

    private static let hasKernels: Bool = {
        // libxsmm 1.17 maps 11 MB for its tables of kernels, does not look at what it gets, and would crash.
        Buffer.requireMemory(bytes: 12 << 20)
        return ck_has_kernels() != 0
    }()

    private var isAvailable: Bool {
        switch self {
        case .libxsmm: Self.hasKernels
        case .openBLAS: true
        case .amx, .avx512BF16: ck_has_bfloat16(kernel) != 0
        }
    }

    /// Of those in bfloat16, as the kernels tell them apart.
    var kernel: Int32 { Int32((self == .amx ? CK_MATRIX_EXTENSION : CK_DOT_INSTRUCTION).rawValue) }

    /// Bytes that a thread keeps for packing the factors of its products, the largest of them `rows` × `depth`. Of OpenBLAS, which does
    /// not tell, what its kernels fill at most.
    public func scratchBytes(rows: Int, depth: Int) -> Int {
        switch self {
        case .libxsmm: MemoryLayout<Float>.size * ck_scratch_count(rows, depth)
        case .openBLAS: 1 << 25
        case .amx, .avx512BF16: MemoryLayout<UInt16>.size * ck_tile_scratch_values()
        }
    }
}
