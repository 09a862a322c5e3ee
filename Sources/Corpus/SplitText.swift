import Documents
import Foundation

/// One split's text: bytes known to be UTF-8.
struct SplitText {
    let url: URL
    private let bytes: [UInt8]

    /// Reads the file and checks it.
    ///
    /// - Parameter expectedHash: the SHA-256 the file must have, or nil where any text will do.
    /// - Throws: `InputError`: `inputOutput` when the file cannot be read; `data` when its hash is wrong, when a line
    ///   is not UTF-8, or when it has no words.
    init(_ url: URL, expectedHash: String? = nil) throws {
        do {
            try self.init(url, bytes: Array(Data(contentsOf: url)), expectedHash: expectedHash)
        } catch let error as InputError {
            throw error
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be read: \(error.localizedDescription)")
        }
    }

    init(_ url: URL, bytes: [UInt8], expectedHash: String? = nil) throws {
        self.url = url
        self.bytes = bytes
        if let expectedHash {
            let hash = sha256(bytes)
            guard hash == expectedHash else {
                throw InputError.data(
                    "\(url.path): its SHA-256 is \(hash), but \(expectedHash) is right; delete the file to get it anew")
            }
        }
        guard bytes.contains(where: { !$0.isWhitespace }) else {
            throw InputError.data("\(url.path): the file has no words; a split needs lines of words separated by spaces")
        }
        if let line = SplitText.firstInvalidLine(of: bytes) {
            throw InputError.data("\(url.path), line \(line): not valid UTF-8; save the file as UTF-8")
        }
    }

    /// A text whose bytes are known to be right, written whole or not at all.
    ///
    /// - Throws: `InputError` (`inputOutput`) when the file cannot be written.
    init(writing bytes: [UInt8], to file: URL) throws {
        do {
            try DurableFile.makeFolder(file.deletingLastPathComponent())
            try DurableFile.write(to: file) { try $0(Data(bytes)) }
        } catch {
            let fault = (error as? InputError)?.message ?? "\(file.path): cannot be written: \(TextFile.reason(error))"
            throw InputError.inputOutput("\(fault); choose another folder with --data-dir")
        }
        try self.init(file, bytes: bytes)
    }

    /// The words, which any ASCII white space separates, with an `<eos>` after every line.
    func tokens(numberedBy vocabulary: inout VocabularyBuilder) -> [Int32] {
        let endOfSentence = ArraySlice(Vocabulary.endOfSentence.utf8)
        var tokens: [Int32] = []
        tokens.reserveCapacity(bytes.count / 5)
        var start = bytes.starts(with: SplitText.byteOrderMark) ? SplitText.byteOrderMark.count : 0
        for position in start..<bytes.count where bytes[position].isWhitespace {
            if position > start {
                tokens.append(vocabulary.id(of: bytes[start..<position]))
            }
            if bytes[position] == .lineFeed {
                tokens.append(vocabulary.id(of: endOfSentence))
            }
            start = position + 1
        }
        if start < bytes.count {
            tokens.append(vocabulary.id(of: bytes[start...]))
        }
        if bytes.last != .lineFeed {
            tokens.append(vocabulary.id(of: endOfSentence))
        }
        return tokens
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The number, from 1, of the first line that is not UTF-8. A line feed never is a part of a longer UTF-8
    /// sequence, so each line can be judged alone.
    private static func firstInvalidLine(of bytes: [UInt8]) -> Int? {
        if String(bytes: bytes, encoding: .utf8) != nil {
            return nil
        }
        let lines = bytes.split(separator: .lineFeed, omittingEmptySubsequences: false)
        return lines.firstIndex { String(bytes: $0, encoding: .utf8) == nil }.map { $0 + 1 }
    }
}

extension UInt8 {
    fileprivate static let lineFeed: UInt8 = 0x0A

    /// ASCII white space: space, tab, line feed, vertical tab, form feed, carriage return.
    fileprivate var isWhitespace: Bool {
        self == 0x20 || (self >= 0x09 && self <= 0x0D)
    }
}
