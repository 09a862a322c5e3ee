import Documents
import Foundation
import Kernels
import Synchronization

/// A process that lives no longer than this one: its standard input, which it watches, ends with its parent, or when it is to stop.
struct ChildProcess: Sendable {
    /// How a process ended.
    struct End: Equatable, Sendable {
        /// The exit code; of a process ended by a signal, 128 and the signal's number.
        let status: Int32
        /// The last of what it wrote to standard error.
        let errors: String
    }

    let executable: URL
    let arguments: [String]
    /// Set besides this process's own.
    var environment: [String: String] = [:]
    /// Ends the process's input once it is made.
    let stop: StopRequest

    /// So much of standard error is kept, in bytes.
    private static let errorsKept = 65_536

    /// Runs the process to its end.
    ///
    /// - Parameter onLine: receives each line of standard output, on a thread of its own.
    /// - Throws: `InputError` (`inputOutput`) when the process cannot be started.
    func run(onLine: @escaping @Sendable (Data) -> Void) async throws -> End {
        try await withCheckedThrowingContinuation { continuation in
            SystemThread.detach {
                continuation.resume(with: Result { try self.runBlocking(onLine: onLine) })
            }
        }
    }

    private func runBlocking(onLine: (Data) -> Void) throws -> End {
        #if canImport(Glibc)
            // Threads that run tasks set their own niceness, and a child takes its thread's: give it what `nice` gave the process.
            let which = __priority_which_t(PRIO_PROCESS.rawValue)
            setpriority(which, 0, getpriority(which, id_t(getpid())))
        #endif
        let process = Process()
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw InputError.inputOutput("\(executable.path): cannot be started: \(TextFile.reason(error))")
        }
        let handler = stop.onStop { try? input.fileHandleForWriting.close() }
        let tail = Tail(of: errors.fileHandleForReading, bytes: Self.errorsKept)
        var rest = Data()
        while case let data = output.fileHandleForReading.nextBytes(), !data.isEmpty {
            rest += data
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                onLine(Data(rest[..<end]))
                rest = Data(rest[rest.index(after: end)...])
            }
        }
        process.waitUntilExit()
        stop.forget(handler)
        try? input.fileHandleForWriting.close()
        return End(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            errors: String(decoding: tail.wait(), as: UTF8.self))
    }

    /// The last bytes that come from a file, read by a thread of its own.
    private final class Tail: Sendable {
        private let bytes = Mutex(Data())
        private let isDone = DispatchSemaphore(value: 0)

        init(of file: FileHandle, bytes limit: Int) {
            SystemThread.detach { [self] in
                while case let data = file.nextBytes(), !data.isEmpty {
                    bytes.withLock { $0 = ($0 + data).suffix(limit) }
                }
                isDone.signal()
            }
        }

        /// All of it, when the file has ended.
        func wait() -> Data {
            isDone.wait()
            return bytes.withLock { $0 }
        }
    }
}
