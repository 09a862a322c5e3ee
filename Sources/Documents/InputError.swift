import Foundation

/// Something that a person can put right, in words that name the file, line, key or option and what would be right.
public struct InputError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
    /// Who has to act; the raw values are the exit codes of `sysexits.h`.
    public enum Kind: Int32, Sendable {
        /// The command line is wrong.
        case usage = 64
        /// A file's content is wrong.
        case data = 65
        /// There is not the memory that the work needs.
        case memory = 71
        /// A file could not be read, written or downloaded, or a process not started.
        case inputOutput = 74
    }

    /// Who has to act.
    public let kind: Kind
    /// What is wrong and what would be right.
    public let message: String

    /// The message.
    public var description: String { message }
    /// The message, as Foundation asks for it.
    public var errorDescription: String? { message }

    /// The command line is wrong: exit code 64.
    public static func usage(_ message: String) -> InputError { InputError(kind: .usage, message: message) }
    /// A file's content is wrong: exit code 65.
    public static func data(_ message: String) -> InputError { InputError(kind: .data, message: message) }
    /// There is not the memory that the work needs: exit code 71.
    public static func memory(_ message: String) -> InputError { InputError(kind: .memory, message: message) }
    /// A file could not be read, written or downloaded, or a process not started: exit code 74.
    public static func inputOutput(_ message: String) -> InputError { InputError(kind: .inputOutput, message: message) }
}
