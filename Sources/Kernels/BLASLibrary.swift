import CBLAS
import CKernels
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

    /// Starts the process anew with OpenBLAS's AVX-512 kernels, where the processor has them and the library, older than
    /// the processor, fell back to AVX2. To be called first in `main`; returns at once where nothing is to be gained.
    ///
    /// OpenBLAS chooses its kernels before `main` and offers only the environment to overrule it. A value of
    /// `OPENBLAS_CORETYPE` set by the user stands.
    public static func useWidestKernels() {
        guard ck_has_avx512() != 0, ["Haswell", "Zen"].contains(coreName), getenv("OPENBLAS_CORETYPE") == nil else { return }
        setenv("OPENBLAS_CORETYPE", "SkylakeX", 1)
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv("/proc/self/exe", &arguments)
        // Only reached when the process could not be started anew: it goes on with the kernels it has.
        arguments.forEach { free($0) }
    }
}
