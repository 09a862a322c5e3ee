import Foundation

/// What is wrong with a corpus, in words meant for the person who chose it.
public struct CorpusError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
    /// Who has to act: `data` means that the text itself is wrong or missing, `inputOutput` that it could not be
    /// read, written or downloaded.
    public enum Kind: Sendable {
        case data
        case inputOutput
    }

    /// What went wrong.
    public let kind: Kind
    /// Names the file, line or folder and what would be right.
    public let message: String

    public var description: String { message }
    public var errorDescription: String? { message }

    static func data(_ message: String) -> CorpusError {
        CorpusError(kind: .data, message: message)
    }

    static func inputOutput(_ message: String) -> CorpusError {
        CorpusError(kind: .inputOutput, message: message)
    }
}
