import Foundation
import ProjectFolders

/// A folder that stands for `/`, with the files in which Linux tells limits.
struct FakeSystem {
    let root: URL

    func write(_ text: String, to path: String) throws {
        let file = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// The process's groups, as in `/proc/self/cgroup`, and the mounts of their hierarchies.
    func place(groups: [String], mounts: [String]) throws {
        try write(groups.map { $0 + "\n" }.joined(), to: "proc/self/cgroup")
        let others = ["22 1 0:21 / / rw,relatime shared:1 - ext4 /dev/root rw", "23 22 0:22 / /proc rw,nosuid - proc proc rw"]
        try write((others + mounts).map { $0 + "\n" }.joined(), to: "proc/self/mountinfo")
    }

    func allow(cores: String) throws { try write("Name:\tablate\nCpus_allowed:\tff\nCpus_allowed_list:\t\(cores)\nVmHWM:\t  10 kB\n", to: "proc/self/status") }

    /// A v2 tree with these values of a limit's file in each group, outermost first.
    func unified(_ file: String, _ values: [(group: String, value: String)]) throws {
        try place(groups: ["0::\(values.last?.group ?? "/")"], mounts: [Self.unifiedMount()])
        for (group, value) in values { try write(value + "\n", to: "sys/fs/cgroup\(group)/\(file)") }
    }

    static func unifiedMount(root: String = "/", at point: String = "/sys/fs/cgroup") -> String {
        "31 22 0:26 \(root) \(point) rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
    }

    static func mount(_ controllers: String, root: String = "/", at point: String) -> String {
        "33 31 0:29 \(root) \(point) rw,nosuid shared:9 master:3 - cgroup cgroup rw,\(controllers)"
    }

    static func with(_ body: (FakeSystem) throws -> Void) throws {
        try withTemporaryFolder { try body(FakeSystem(root: $0)) }
    }
}
