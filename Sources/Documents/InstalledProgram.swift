import Foundation

/// A program of the system, looked for in the folders of `PATH`; it is started as it is, never through a shell.
public struct InstalledProgram: Sendable {
    /// How it ended, and what it printed.
    public struct End: Sendable {
        /// Whether it ended by itself with exit code 0.
        public let isSuccess: Bool
        /// The exit code, or the signal's number.
        public let status: Int32
        /// Standard output and errors together.
        public let output: [UInt8]

        /// `: ` and the last line, cut where it is long; empty where nothing was printed.
        public var lastLine: String {
            output.split(separator: UInt8(ascii: "\n")).last.map { ": \(String(decoding: $0.prefix(200), as: UTF8.self))" } ?? ""
        }
    }

    /// Its file.
    public let url: URL

    /// Nil where it is in none of the folders.
    ///
    /// - Parameter searchPath: folders separated by colons, as in `PATH`.
    public init?(_ name: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "") {
        let found = searchPath.split(separator: ":").lazy.map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
            .first(where: Self.isProgram)
        guard let found else { return nil }
        url = found
    }

    /// A folder can be entered, which is the same permission.
    private static func isProgram(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: url.path)
    }

    /// Runs it to its end, without input.
    ///
    /// - Parameters:
    ///   - folder: the one it works in; nil for this process's.
    ///   - environment: set besides this process's own.
    /// - Throws: ``InputError`` (`inputOutput`) when it cannot be started.
    public func run(_ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]) throws -> End {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = url
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = folder }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        do {
            try process.run()
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be started: \(TextFile.reason(error))")
        }
        let output = Array(pipe.fileHandleForReading.allBytes())
        process.waitUntilExit()
        return End(
            isSuccess: process.terminationReason == .exit && process.terminationStatus == 0, status: process.terminationStatus,
            output: output)
    }
}
