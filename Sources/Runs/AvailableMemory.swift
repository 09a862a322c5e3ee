import Corpus
import Documents
import Foundation

/// The memory that there is for runs, which in a container or a batch system is not that of the machine.
struct AvailableMemory: Equatable, Sendable {
    /// What leaves no more memory than this.
    enum Limit: Equatable, Sendable, CustomStringConvertible {
        case machine
        /// The path of the control group.
        case controlGroup(String)

        var description: String {
            switch self {
            case .machine: "memory of the machine"
            case .controlGroup(let path): "memory limit of the control group \(path)"
            }
        }
    }

    /// Bytes for all runs together.
    let bytes: Int
    let limit: Limit
    /// Bytes of address space that each process may have (`RLIMIT_AS`, `ulimit -v`); nil for any number.
    let addressSpace: Int?

    init(bytes: Int, limit: Limit, addressSpace: Int? = nil) {
        self.bytes = bytes
        self.limit = limit
        self.addressSpace = addressSpace
    }

    /// Takes the least of what the machine has left and what the memory limits of the process's control groups and their parents leave beside
    /// their use. The page cache that was not used lately is no use: the system takes it back when it needs it.
    ///
    /// - Parameters:
    ///   - root: the folder that stands for `/`.
    ///   - installed: bytes of the machine, which stand for what is left of them where the system does not tell.
    init(root: URL = URL(fileURLWithPath: "/"), installed: UInt64 = ProcessInfo.processInfo.physicalMemory) {
        func read(_ file: String) -> String { (try? TextFile.read(root.appendingPathComponent(file))) ?? "" }
        let left = Self.value(of: "MemAvailable:", in: read("proc/meminfo")).map { $0 < Int.max / 1024 ? $0 * 1024 : Int.max }
        var least = (bytes: left ?? Int(clamping: installed), limit: Limit.machine)
        for group in ControlGroups(root: root).groups(controller: "memory") {
            if let bytes = Self.left(in: group), bytes < least.bytes { least = (bytes, .controlGroup(group.path)) }
        }
        (bytes, limit) = least
        addressSpace = Self.value(of: "Max address space", in: read("proc/self/limits"))
    }

    /// What the group's limit leaves beside its use; nil where it has no limit.
    private static func left(in group: ControlGroups.Group) -> Int? {
        let (limitFile, useFile, cacheKey) = switch group.version {
        case .one: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        case .two: ("memory.max", "memory.current", "inactive_file")
        }
        // Version 1 has the largest number of whole pages where there is no limit, version 2 the word max.
        guard let limit = group.text(limitFile).flatMap({ Int($0) }), limit >= 0, limit < 1 << 60 else { return nil }
        let use = group.text(useFile).flatMap { Int($0) } ?? 0
        let statistics = group.text("memory.stat") ?? ""
        let cache = value(of: cacheKey, in: statistics) ?? value(of: "inactive_file", in: statistics) ?? 0
        return max(0, limit - max(0, use - min(cache, use)))
    }

    /// The first number after `key` at the start of a line.
    fileprivate static func value(of key: String, in text: String) -> Int? {
        text.split(separator: "\n").first { $0.hasPrefix(key) && ($0.dropFirst(key.count).first?.isWhitespace ?? false) }
            .flatMap { $0.dropFirst(key.count).split(whereSeparator: \.isWhitespace).first }
            .flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}

extension DatasetLibrary.MemoryRoom {
    /// What is left to this process of the memory there is, or of its address space (`ulimit -v`) where that is less.
    public static func ofThisProcess() -> Self {
        let available = AvailableMemory()
        if let limit = available.addressSpace {
            let status = (try? TextFile.read(URL(fileURLWithPath: "/proc/self/status"))) ?? ""
            let left = max(0, limit - (AvailableMemory.value(of: "VmSize:", in: status) ?? 0) * 1024)
            if left < available.bytes { return Self(bytes: left, limit: "address space left, ulimit -v") }
        }
        return Self(bytes: available.bytes, limit: available.limit.description)
    }
}
