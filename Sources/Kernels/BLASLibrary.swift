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

    /// Starts the program again, from its beginning, where OpenBLAS may not start threads: in an address space with a limit
    /// (`ulimit -v`). When these threads get no memory they ask for it without end, and whoever waits for them waits for ever.
    public static func leaveThreadsOutInLimitedAddressSpace() {
        #if os(Linux)
            let key = "OPENBLAS_NUM_THREADS"
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
                getenv(key).map({ String(cString: $0) }) != "1", setenv(key, "1", 1) == 0
            else { return }
            execv("/proc/self/exe", CommandLine.unsafeArgv)
        #endif
    }

    /// To be called before every product: OpenBLAS maps 128 MB for each that is under way, and keeps them; where it gets none it asks again
    /// without end.
    static func requireMemory() { _ = hasMemory }

    private static let hasMemory: Void = Buffer.requireMemory(bytes: ThreadTeam.threads << 27)

    private static let ownThreadsEnded: Void = {
        openblas_set_num_threads(1)
        // No call after it: to set the number again would start all of them again.
        ck_end_blas_threads()
    }()
}
