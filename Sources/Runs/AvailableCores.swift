import Documents
import Foundation

/// The number of processor cores that this process may use, which in a container or a batch system is not that of the machine.
public struct AvailableCores: Equatable, Sendable {
    /// What leaves no more cores than these.
    public enum Limit: Equatable, Sendable, CustomStringConvertible {
        case machine
        /// The cores that the process is pinned to: `taskset`, or a control group's `cpuset`.
        case affinity
        /// The path of the control group.
        case quota(String)

        /// In words.
        public var description: String {
            switch self {
            case .machine: "processors of the machine"
            case .affinity: "affinity mask"
            case .quota(let path): "CPU quota of the control group \(path)"
            }
        }
    }

    /// At least 1.
    public let count: Int
    /// Of limits that are the same, the one named first above.
    public let limit: Limit

    /// Takes the least of the machine's processors, the affinity mask and the quotas of the process's control groups and their parents; a
    /// quota counts as whole cores, and as one at least.
    ///
    /// - Parameters:
    ///   - root: the folder that stands for `/`.
    ///   - processors: of the machine.
    public init(root: URL = URL(fileURLWithPath: "/"), processors: Int = ProcessInfo.processInfo.activeProcessorCount) {
        let affinity = Self.affinity(root: root).map { [($0, Limit.affinity)] } ?? []
        let quotas = ControlGroups(root: root).groups(controller: "cpu").compactMap { group in
            Self.quota(of: group).map { ($0, Limit.quota(group.path)) }
        }
        var least = (count: max(1, processors), limit: Limit.machine)
        for (count, limit) in affinity + quotas where count < least.count { least = (count, limit) }
        (count, limit) = least
    }

    /// The number of processors in `Cpus_allowed_list:  0-3,8` of `/proc/self/status`; nil where there is no such list.
    private static func affinity(root: URL) -> Int? {
        let status = (try? TextFile.read(root.appendingPathComponent("proc/self/status"))) ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return nil }
        var count = 0
        for range in line.drop(while: { $0 != ":" }).dropFirst().trimmingCharacters(in: .whitespaces).split(separator: ",") {
            let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0, last >= first, last < 1 << 20
            else { return nil }
            count += last - first + 1
        }
        return count > 0 ? count : nil
    }

    /// In whole cores, at least one; nil where the group has none.
    private static func quota(of group: ControlGroups.Group) -> Int? {
        let quota: Double?
        let period: Double?
        switch group.version {
        case .one:
            quota = group.text("cpu.cfs_quota_us").flatMap { Double($0) }
            period = group.text("cpu.cfs_period_us").flatMap { Double($0) }
        case .two:
            // `max 100000` where there is none.
            let words = group.text("cpu.max")?.split(separator: " ") ?? []
            quota = words.first.flatMap { Int($0) }.map(Double.init)
            period = words.dropFirst().first.flatMap { Int($0) }.map(Double.init)
        }
        guard let quota, let period, quota > 0, period > 0, quota / period < 1e6 else { return nil }
        return max(1, Int(quota / period))
    }
}
