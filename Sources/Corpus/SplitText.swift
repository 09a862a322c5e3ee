import Crypto
import Documents
import Foundation

/// One split's text: a file known to be UTF-8, read in pieces, so that no copy of it is ever in memory.
struct SplitText {
    let url: URL
    private static let pieceSize = 1 << 20

    /// Reads the file and checks it.
    ///
    /// - Parameter expectedHash: the SHA-256 the file must have, or nil where any text will do.
    /// - Throws: `InputError`: `inputOutput` when the file cannot be read; `data` when its hash is wrong, when a line
    ///   is not UTF-8, or when it has no words.
    init(_ url: URL, expectedHash: String? = nil) throws {
        self.url = url
        var hash = SHA256()
        var hasWords = false
        var lines = 0
        var invalidLine: Int?
        try forEachPiece { piece in
            if expectedHash != nil { hash.update(data: piece) }
            hasWords = hasWords || piece.contains { !$0.isWhitespace }
            guard invalidLine == nil else { return }
            invalidLine = SplitText.firstInvalidLine(of: piece).map { lines + $0 }
            for byte in piece where byte == .lineFeed { lines += 1 }
        }
        if let expectedHash {
            let found = hexadecimal(hash.finalize())
            guard found == expectedHash else {
                throw InputError.data(
                    "\(url.path): its SHA-256 is \(found), but \(expectedHash) is right; delete the file to get it anew")
            }
        }
        guard hasWords else {
            throw InputError.data("\(url.path): the file has no words; a split needs lines of words separated by spaces")
        }
        if let invalidLine {
            throw InputError.data("\(url.path), line \(invalidLine): not valid UTF-8; save the file as UTF-8")
        }
    }

    /// A text whose bytes are known to be right, written whole or not at all.
    ///
    /// - Throws: `InputError` (`inputOutput`) when the file cannot be written.
    init(writing bytes: [UInt8], to file: URL) throws {
        do {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            // Atomic: a temporary file beside it, then renamed.
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            throw InputError.inputOutput(
                "\(file.path): cannot be written: \(TextFile.reason(error)); choose another folder with --data-dir")
        }
        try self.init(file)
    }

    /// The words, which any ASCII white space separates, with an `<eos>` after every line.
    ///
    /// - Throws: `InputError` (`inputOutput`) when the file cannot be read.
    func tokens(numberedBy vocabulary: inout VocabularyBuilder) throws -> [Int32] {
        let endOfSentence = ArraySlice(Vocabulary.endOfSentence.utf8)
        var tokens: [Int32] = []
        tokens.reserveCapacity(url.fileSize / 5)
        var last: UInt8?
        try forEachPiece { piece in
            var start = piece.startIndex
            if last == nil, piece.starts(with: SplitText.byteOrderMark) { start += SplitText.byteOrderMark.count }
            for position in start..<piece.endIndex where piece[position].isWhitespace {
                if position > start {
                    tokens.append(vocabulary.id(of: piece[start..<position]))
                }
                if piece[position] == .lineFeed {
                    tokens.append(vocabulary.id(of: endOfSentence))
                }
                start = position + 1
            }
            if start < piece.endIndex {
                tokens.append(vocabulary.id(of: piece[start...]))
            }
            last = piece.last
        }
        if last != .lineFeed {
            tokens.append(vocabulary.id(of: endOfSentence))
        }
        return tokens
    }

    /// Calls `body` with one piece of the file after the other. Each ends with white space, or with the file, so that no word and no
    /// character is cut.
    private func forEachPiece(_ body: (ArraySlice<UInt8>) -> Void) throws {
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            var piece: [UInt8] = []
            while let data = try file.read(upToCount: Self.pieceSize), !data.isEmpty {
                let known = piece.count
                piece += data
                guard let end = piece[known...].lastIndex(where: \.isWhitespace) else { continue }
                body(piece[...end])
                piece.removeSubrange(...end)
            }
            if !piece.isEmpty { body(piece[...]) }
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be read: \(error.localizedDescription)")
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The number, from 1, of the first line that is not UTF-8. A line feed never is a part of a longer UTF-8
    /// sequence, so each line can be judged alone.
    private static func firstInvalidLine(of bytes: ArraySlice<UInt8>) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil {
            return nil
        }
        let lines = bytes.split(separator: .lineFeed, omittingEmptySubsequences: false)
        return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }
}

extension URL {
    /// Bytes of the file; 0 where it cannot be told.
    var fileSize: Int { ((try? FileManager.default.attributesOfItem(atPath: resolvingSymlinksInPath().path))?[.size] as? Int) ?? 0 }
}

extension UInt8 {
    fileprivate static let lineFeed: UInt8 = 0x0A

    /// ASCII white space: space, tab, line feed, vertical tab, form feed, carriage return.
    fileprivate var isWhitespace: Bool {
        self == 0x20 || (self >= 0x09 && self <= 0x0D)
    }
}
