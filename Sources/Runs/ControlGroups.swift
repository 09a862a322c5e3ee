import Documents
import Foundation

/// The control groups of this process (Linux), version 1, version 2 or both, as `/proc/self` tells them.
///
/// A container or a batch system sets limits in them, and a limit of a group holds for all groups below it too.
struct ControlGroups {
    /// The two kinds of file that hold limits.
    enum Version {
        case one
        case two
    }

    /// A group, and the folder with its files.
    struct Group: Equatable {
        let version: Version
        /// In its hierarchy, as in `/proc/self/cgroup`.
        let path: String
        let folder: URL

        /// The text of one of its files without white space around; nil where it cannot be read.
        func text(_ file: String) -> String? {
            (try? TextFile.read(folder.appendingPathComponent(file)))?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// A hierarchy as it is mounted.
    private struct Mount {
        let version: Version
        /// Of version 1.
        let controllers: Set<String>
        /// The group that is seen at the mount point: in a container often not the root of all.
        let root: [String]
        let point: String
    }

    private let root: URL
    private let mounts: [Mount]
    /// The process's group in each hierarchy; no controllers for version 2.
    private let memberships: [(controllers: Set<String>, path: [String])]

    /// - Parameter root: the folder that stands for `/`.
    init(root: URL) {
        self.root = root
        let process = root.appendingPathComponent("proc/self")
        func lines(_ file: String) -> [Substring] { ((try? TextFile.read(process.appendingPathComponent(file))) ?? "").split(separator: "\n") }
        memberships = lines("cgroup").compactMap(Self.membership)
        mounts = lines("mountinfo").compactMap(Self.mount)
    }

    /// The groups that limit what the controller of this name (`cpu`, `memory`) rules: the process's own first, then its parents up to the
    /// mount point. None where there are no control groups, or the process's own lies outside of what is mounted.
    func groups(controller: String) -> [Group] {
        mounts.flatMap { mount -> [Group] in
            let membership = memberships.first {
                mount.version == .two ? $0.controllers.isEmpty : $0.controllers.contains(controller) && mount.controllers.contains(controller)
            }
            guard let membership, let below = Self.path(of: membership.path, below: mount.root) else { return [] }
            return (0...below.count).reversed().map { depth in
                let names = Array(below.prefix(depth))
                let folder = names.reduce(root.appendingPathComponent(mount.point)) { $0.appendingPathComponent($1) }
                return Group(version: mount.version, path: "/" + (mount.root + names).joined(separator: "/"), folder: folder)
            }
        }
    }

    /// The names that lead from the group `root` to `path`, which may both begin with `..`, above this process's namespace; nil where `path`
    /// is not below `root`. Of names that the namespace hides only the mount point itself is left.
    private static func path(of path: [String], below root: [String]) -> [String]? {
        if path.starts(with: root) {
            let names = Array(path.dropFirst(root.count))
            return names.first == ".." ? nil : names
        }
        let isAboveNamespace = !root.isEmpty && root.allSatisfy { $0 == ".." }
        return isAboveNamespace && path.prefix { $0 == ".." }.count < root.count ? [] : nil
    }

    /// `4:cpu,cpuacct:/docker/1a2b`, or `0::/user.slice` in version 2.
    private static func membership(_ line: Substring) -> (controllers: Set<String>, path: [String])? {
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0] == "0" || !fields[1].isEmpty, fields[2].hasPrefix("/") else { return nil }
        return (Set(fields[1].split(separator: ",").map(String.init)), components(fields[2]))
    }

    /// `33 31 0:29 /docker/1a2b /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct`, see proc(5).
    private static func mount(_ line: Substring) -> Mount? {
        let fields = line.split(separator: " ")
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        let version: Version
        switch fields[dash + 1] {
        case "cgroup": version = .one
        case "cgroup2": version = .two
        default: return nil
        }
        return Mount(
            version: version, controllers: Set(fields[dash + 3].split(separator: ",").map(String.init)),
            root: components(Substring(unescaped(fields[3]))), point: unescaped(fields[4]))
    }

    /// The names in a path, without `.`, empty ones, and such `..` as take a name back.
    private static func components(_ path: Substring) -> [String] {
        path.split(separator: "/").reduce(into: [String]()) { names, name in
            if name == "..", let last = names.last, last != ".." { names.removeLast() } else if name != "." { names.append(String(name)) }
        }
    }

    /// White space and the backslash stand in mountinfo as octal numbers: `\040`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3, let code = UInt8(String(rest.prefix(3)) ?? "", radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
