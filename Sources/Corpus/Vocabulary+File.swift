import Documents
import Foundation

extension Vocabulary {
    /// Writes the words, a line each, in the order of their token ids.
    ///
    /// - Throws: ``InputError`` (`inputOutput`).
    public func write(to file: URL) throws {
        try TextFile.write(words.map { "\($0)\n" }.joined(), to: file)
    }

    /// Reads what ``write(to:)`` wrote; whether it is the vocabulary that is wanted, its ``digest`` and ``count`` tell.
    ///
    /// - Throws: ``InputError``: `inputOutput` when the file cannot be read, `data` when it is not UTF-8.
    public init(file: URL) throws {
        // By bytes: other line ends than the line feed may stand in a word.
        var lines = Array(try TextFile.read(file).utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.init(lines.map { String(decoding: $0, as: UTF8.self) })
    }
}
