import Documents
import Foundation

/// A process that lives no longer than this one: its standard input, which it watches, ends with its parent.
struct ChildProcess: Sendable {
    let executable: URL
    let arguments: [String]
    /// Set besides this process's own.
    var environment: [String: String] = [:]
    /// Receives standard error.
    var errors: URL

    /// Runs the process to its end.
    ///
    /// - Parameter onLine: receives each line of standard output, on a thread of its own.
    /// - Returns: the exit code; of a process ended by a signal, 128 and the signal's number.
    /// - Throws: ``InputError`` (`inputOutput`) when the process cannot be started.
    func run(onLine: @escaping @Sendable (Data) -> Void) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try self.runBlocking(onLine: onLine) })
            }
        }
    }

    private func runBlocking(onLine: (Data) -> Void) throws -> Int32 {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        do {
            try Data().write(to: errors)
            process.standardError = try FileHandle(forWritingTo: errors)
            try process.run()
        } catch {
            throw InputError.inputOutput("\(executable.path): cannot be started: \(TextFile.reason(error))")
        }
        var rest = Data()
        while case let data = output.fileHandleForReading.availableData, !data.isEmpty {
            rest += data
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                onLine(Data(rest[..<end]))
                rest = Data(rest[rest.index(after: end)...])
            }
        }
        process.waitUntilExit()
        try? input.fileHandleForWriting.close()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }
}
