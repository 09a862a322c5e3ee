import Foundation
import ProjectFolders
import Testing

/// Where both corpora are, for the tests that need one.
let dataDirectory = ProcessInfo.processInfo.environment["ABLATE_DATA"]

/// The program as it was built beside the tests.
struct Program {
    struct Output {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The executable lies beside the test bundle, or beside the program that runs the tests.
    static let executable: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL.deletingLastPathComponent()
        return (bundle ?? Bundle.main.bundleURL).appendingPathComponent("ablate")
    }()

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - data: the folder set as `ABLATE_DATA`; unset when nil.
    ///   - changes: of the environment.
    static func run(
        _ arguments: [String], in folder: URL = projectRoot, data: String? = nil, changes: [String: String] = [:]
    ) throws -> Output {
        let (process, output, errors) = try start(arguments, in: folder, data: data, changes: changes)
        process.waitUntilExit()
        defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
        return Output(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// Starts the program with its output going to files.
    static func start(
        _ arguments: [String], in folder: URL = projectRoot, data: String? = nil, input: Pipe? = nil, changes: [String: String] = [:]
    ) throws -> (Process, URL, URL) {
        let files = ["out", "err"].map {
            FileManager.default.temporaryDirectory.appendingPathComponent("ablate-test-\(UUID().uuidString).\($0)")
        }
        for file in files { try Data().write(to: file) }
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["ABLATE_DATA"] = data
        process.environment = environment.merging(changes) { $1 }
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        return (process, files[0], files[1])
    }
}

/// Waits for what another process does, half a minute at most.
func waitUntil(_ condition: () throws -> Bool) throws {
    for _ in 0..<600 {
        Thread.sleep(forTimeInterval: 0.05)
        if try condition() { return }
    }
    Issue.record("waited for 30 seconds in vain")
}

#if os(Linux)
/// The processes that were started with an argument that begins so.
func processes(withArgument start: String) throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { id in
        let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/cmdline"))) ?? Data()
        return line.split(separator: 0).dropFirst(2).contains { String(decoding: $0, as: UTF8.self).hasPrefix(start) }
    }
}
#endif

/// Writes a corpus of lines of a few words into `folder`.
func writeCorpus(
    in folder: URL, train: String = corpusText(lines: 300), valid: String = corpusText(lines: 60), test: String = corpusText(lines: 60)
) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [("train.txt", train), ("valid.txt", valid), ("test.txt", test)] {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
}

func corpusText(lines: Int) -> String {
    (0..<lines).map { "the \(["cat", "dog", "bird"][$0 % 3]) sees a \(["house", "tree"][$0 % 2]) and goes\n" }.joined()
}

/// The records of a file without quoted fields, by column.
func rows(of path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\r\n").dropLast()
        .map { $0.components(separatedBy: ",") }
    return lines.dropFirst().map { Dictionary(zip(lines[0], $0), uniquingKeysWith: { first, _ in first }) }
}
