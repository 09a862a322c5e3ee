import CBLAS
import Foundation

/// The OpenBLAS library in use.
public enum BLASLibrary {
    /// Version and build options, as OpenBLAS tells them.
    public static var configuration: String { String(cString: openblas_get_config()).trimmingCharacters(in: .whitespaces) }

    /// The processor family whose kernels are in use.
    public static var coreName: String { String(cString: openblas_get_corename()) }

    /// Number of threads of a matrix product.
    public static var threads: Int {
        get { Int(openblas_get_num_threads()) }
        set { openblas_set_num_threads(Int32(newValue)) }
    }
}
