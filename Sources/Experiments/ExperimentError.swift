import Corpus
import Foundation

/// Something that a person can put right, in words that name the file, key or option and what would be right.
public struct ExperimentError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
    /// Who has to act; the raw values are the exit codes of `sysexits.h`.
    public enum Kind: Int32, Sendable {
        /// The command line is wrong.
        case usage = 64
        /// A file's content is wrong.
        case data = 65
        /// A file could not be read or written, or a process not started.
        case inputOutput = 74
    }

    public let kind: Kind
    public let message: String

    public var description: String { message }
    public var errorDescription: String? { message }

    public static func usage(_ message: String) -> ExperimentError { ExperimentError(kind: .usage, message: message) }
    public static func data(_ message: String) -> ExperimentError { ExperimentError(kind: .data, message: message) }
    public static func inputOutput(_ message: String) -> ExperimentError { ExperimentError(kind: .inputOutput, message: message) }
}
