import CBLAS
import CKernels
import Foundation

/// The OpenBLAS library in use.
public enum BLASLibrary {
    /// Version and build options, as OpenBLAS tells them.
    public static var configuration: String { String(cString: openblas_get_config()).trimmingCharacters(in: .whitespaces) }

    /// The processor family whose kernels are in use.
    public static var coreName: String { String(cString: openblas_get_corename()) }

    /// The compiler of the kernels beside it.
    public static var compiler: String { String(cString: ck_compiler()) }

    /// Number of threads of a matrix product and of the loops beside it. OpenBLAS runs one thread in each of them, so that its own
    /// threads do not stand in the way; those that it started when it was loaded, one for each processor, are ended.
    public static var threads: Int {
        get { ThreadTeam.threads }
        set {
            _ = ownThreadsEnded
            ThreadTeam.threads = newValue
        }
    }

    private static let ownThreadsEnded: Void = {
        openblas_set_num_threads(1)
        // No call after it: to set the number again would start all of them again.
        ck_end_blas_threads()
    }()
}
