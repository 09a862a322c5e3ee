#if os(Linux)
import Foundation

/// A control group of version 1 that a test makes for itself.
struct ControlGroup {
    let name: String
    private let folder: URL

    /// Whether this process may make one. Tried once, since nothing else tells.
    static func canMake(_ controller: String) -> Bool {
        ProcessInfo.processInfo.activeProcessorCount > 1 && (try? with(controller, [:]) { try $0.run(["true"]).status == 0 }) == true
    }

    /// Runs `body` with a new group at the root of the controller, with these files' values; the group is removed afterwards.
    static func with<Value>(_ controller: String, _ values: KeyValuePairs<String, String>, _ body: (ControlGroup) throws -> Value) throws -> Value {
        let name = "ablate-test-\(UUID().uuidString)"
        let folder = URL(fileURLWithPath: "/sys/fs/cgroup/\(controller)/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        // Not removeItem: the files in it are the system's. A process that has just ended may hold it for a moment.
        defer { for _ in 0..<50 where rmdir(folder.path) != 0 && errno == EBUSY { Thread.sleep(forTimeInterval: 0.1) } }
        for (file, value) in values {
            let handle = try FileHandle(forWritingTo: folder.appendingPathComponent(file))
            try handle.write(contentsOf: Data(value.utf8))
        }
        return try body(ControlGroup(name: name, folder: folder))
    }

    /// Runs a command in the group.
    func run(_ command: [String]) throws -> (status: Int32, output: String) {
        try Shell.run(["sh", "-c", "echo $$ > \(folder.path)/cgroup.procs && exec \"$@\"", "sh"] + command)
    }
}
#endif
