import Documents
import Kernels
import LanguageModel

/// The memory of runs side by side, beside what there is.
public struct MemoryPlan: Sendable {
    /// Of each run that is to be made.
    private let needs: [MemoryNeed]
    private let jobs: Int
    private let available: AvailableMemory

    /// - Parameter jobs: number of runs side by side.
    init(needs: [MemoryNeed], jobs: Int, available: AvailableMemory) {
        self.needs = needs
        self.jobs = jobs
        self.available = available
    }

    /// Bytes of `jobs` runs side by side, the largest of them together.
    func together(_ jobs: Int) -> Int {
        needs.map(\.resident).sorted(by: >).prefix(max(0, jobs)).reduce(0) { sum, need in
            let (total, overflow) = sum.addingReportingOverflow(need)
            return overflow ? Int.max : total
        }
    }

    /// The largest number of runs side by side whose memory there is, whichever they are; 0 where there is none for the largest run.
    public var largestJobs: Int {
        exceedsAddressSpace ? 0 : (1...max(1, needs.count)).last { together($0) <= available.bytes } ?? 0
    }

    private var largestAddressSpace: Int { needs.map(\.addressSpace).max() ?? 0 }
    private var exceedsAddressSpace: Bool { available.addressSpace.map { largestAddressSpace > $0 } ?? false }

    /// What to say before runs start that there is not memory enough for; nil where there is.
    public var warning: String? {
        guard let lack else { return nil }
        let count = min(jobs, needs.count)
        let what = count == 1 ? "the run needs" : "\(count) runs side by side need"
        return "\(what) about \(together(jobs).bytesText) of memory, and there are \(available.bytes.bytesText) (\(available.limit)); \(lack)"
    }

    /// What the plan says of memory: need, and what there is.
    var text: String {
        guard !needs.isEmpty else { return "\(available.bytes.bytesText) there (\(available.limit))" }
        return "about \(together(jobs).bytesText) for \(min(jobs, needs.count)) side by side, of \(available.bytes.bytesText) there "
            + "(\(available.limit))\(lack.map { "; not enough: \($0)" } ?? "")"
    }

    /// How far what there is does not do; nil where it does.
    private var lack: String? {
        if let limit = available.addressSpace, exceedsAddressSpace {
            return "a run needs about \(largestAddressSpace.bytesText) of address space, and may have \(limit.bytesText) (ulimit -v)"
        }
        guard together(jobs) > available.bytes else { return nil }
        return largestJobs > 0 ? "the largest --jobs that fits is \(largestJobs)" : "no --jobs fits: the largest run alone needs more"
    }

    /// The address space that a command takes which trains nothing itself.
    private static let commandAddressSpace = 300_000_000

    /// Makes sure that the command itself has address space, without which the system's libraries stop or wait for ever.
    ///
    /// - Throws: ``InputError`` (`memory`).
    public static func checkAddressSpace() throws {
        guard let limit = AvailableMemory().addressSpace, limit < commandAddressSpace else { return }
        throw InputError.memory(
            "out of memory: the command needs about \(commandAddressSpace.bytesText) of address space, and may have \(limit.bytesText) (ulimit -v)")
    }

    /// Why a run cannot begin: it needs more address space than a process may have. Without it the system's libraries fail in ways of their
    /// own, or wait for memory without end. Nil where it can.
    static func refusal(need: MemoryNeed?, available: AvailableMemory = AvailableMemory()) -> String? {
        guard let need, let limit = available.addressSpace, need.addressSpace > limit else { return nil }
        return "exit code \(Buffer.outOfMemoryStatus): out of memory: it needs about \(need.addressSpace.bytesText) of address space, and may have "
            + "\(limit.bytesText) (ulimit -v)"
    }

    /// Why a run was ended by SIGKILL (9), as far as one can tell; empty for another end.
    ///
    /// - Parameters:
    ///   - status: as `ChildProcess` gives it.
    ///   - need: of the run; nil where it is unknown.
    static func reason(status: Int32, need: MemoryNeed?, available: AvailableMemory = AvailableMemory()) -> String {
        guard status == 128 + 9 else { return "" }
        let needed = need.map { "it needs about \($0.resident.bytesText), and " } ?? ""
        return ", most likely by the system for want of memory: \(needed)there are \(available.bytes.bytesText) now "
            + "(\(available.limit)); fewer --jobs need less"
    }
}
