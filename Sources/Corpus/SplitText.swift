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
    ///   is not UTF-8 or has a NUL, or when it has no words.
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
        guard bytes[SplitText.startOfText(in: bytes)...].contains(where: { !$0.isWhitespace }) else {
            throw InputError.data("\(url.path): the file has no words; a split needs lines of words separated by spaces")
        }
        if let line = SplitText.firstInvalidLine(of: bytes) {
            throw InputError.data("\(url.path), line \(line): not valid UTF-8; save the file as UTF-8")
        }
        // It is allowed in UTF-8, but text has none.
        if let place = bytes.firstIndex(of: 0) {
            let line = 1 + bytes[..<place].count { $0 == .lineFeed }
            throw InputError.data("\(url.path), line \(line): has a NUL (a byte of value 0), which no text has; save the file as UTF-8 text")
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
        var start = SplitText.startOfText(in: bytes)
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

    /// Behind a byte order mark, where there is one.
    private static func startOfText(in bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

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

extension Corpus {
    /// - Parameter texts: in the order train, valid, test.
    init(name: String, texts: [SplitText]) {
        var vocabulary = VocabularyBuilder()
        let splits = texts.map { $0.tokens(numberedBy: &vocabulary) }
        self.init(name: name, vocabulary: Vocabulary(vocabulary), train: splits[0], validation: splits[1], test: splits[2])
    }

    /// A corpus from the bytes of its three files.
    ///
    /// - Throws: `InputError` (`data`) naming the file, and the line of what is not text.
    package init(train: [UInt8], validation: [UInt8], test: [UInt8]) throws {
        let files = SplitNames.plain.all.map { URL(fileURLWithPath: "/\($0)") }
        self.init(name: "bytes", texts: try zip(files, [train, validation, test]).map { try SplitText($0, bytes: $1) })
    }
}

extension UInt8 {
    fileprivate static let lineFeed: UInt8 = 0x0A

    /// ASCII white space: space, tab, line feed, vertical tab, form feed, carriage return.
    fileprivate var isWhitespace: Bool {
        self == 0x20 || (self >= 0x09 && self <= 0x0D)
    }
}
