import Foundation
import ProjectFolders

/// Runs the tools that a developer types.
enum Shell {
    static let hasPython3 = (try? run(["python3", "--version"]))?.status == 0

    /// Runs a command to its end and returns its exit status and its standard output and error together.
    ///
    /// - Parameter path: where commands are looked for; nil for where they always are.
    static func run(_ command: [String], in folder: URL = projectRoot, path: String? = nil) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (path.map { ["PATH=\($0)"] } ?? []) + command
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
