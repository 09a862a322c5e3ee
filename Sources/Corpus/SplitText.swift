import Crypto
import Documents
import Foundation

/// One split's text, known to be UTF-8: a file, read in pieces, so that no copy of it is ever in memory.
struct SplitText {
    let url: URL
    /// In place of the file's.
    private let bytes: [UInt8]?
    private static let pieceSize = 1 << 20

    /// Reads the file and checks it.
    ///
    /// - Parameter expectedHash: the SHA-256 the file must have, or nil where any text will do.
    /// - Throws: `InputError`: `inputOutput` when it is no file or cannot be read; `data` when its hash is wrong, when a line
    ///   is not UTF-8 or has a NUL, or when it has no words.
    init(_ url: URL, bytes: [UInt8]? = nil, expectedHash: String? = nil) throws {
        self.url = url
        self.bytes = bytes
        if bytes == nil { try url.checkIsPlainFile() }
        var hash = SHA256()
        var hasWords = false
        var lines = 0
        var (invalidLine, nullLine): (Int?, Int?)
        try forEachPiece { piece, start in
            if expectedHash != nil { hash.update(data: piece) }
            hasWords = hasWords || piece[start...].contains { !$0.isWhitespace }
            guard invalidLine == nil else { return }
            invalidLine = SplitText.firstInvalidLine(of: piece).map { lines + $0 }
            for byte in piece {
                if byte == .lineFeed { lines += 1 }
                if byte == 0, nullLine == nil { nullLine = lines + 1 }
            }
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
        // It is allowed in UTF-8, but text has none.
        if let nullLine {
            throw InputError.data("\(url.path), line \(nullLine): has a NUL (a byte of value 0), which no text has; save the file as UTF-8 text")
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
        try self.init(file)
    }

    /// The words' numbers, with an `<eos>` after every line.
    ///
    /// - Throws: `InputError` (`inputOutput`) when the file cannot be read.
    func tokens(numberedBy vocabulary: inout VocabularyBuilder) throws -> [Int32] {
        var tokens: [Int32] = []
        tokens.reserveCapacity((bytes?.count ?? url.fileSize) / 5)
        try forEachWord { tokens.append(vocabulary.id(of: $0)) }
        return tokens
    }

    /// Calls `body` with one word after the other, which any ASCII white space separates, and with `<eos>` after every line.
    ///
    /// - Throws: `InputError` (`inputOutput`) when the file cannot be read.
    func forEachWord(_ body: (ArraySlice<UInt8>) -> Void) throws {
        let endOfSentence = ArraySlice(Vocabulary.endOfSentence.utf8)
        var last: UInt8?
        try forEachPiece { piece, textStart in
            var start = textStart
            for position in start..<piece.endIndex where piece[position].isWhitespace {
                if position > start {
                    body(piece[start..<position])
                }
                if piece[position] == .lineFeed {
                    body(endOfSentence)
                }
                start = position + 1
            }
            if start < piece.endIndex {
                body(piece[start...])
            }
            last = piece.last
        }
        if last != .lineFeed {
            body(endOfSentence)
        }
    }

    /// Calls `body` with one piece of the text after the other, and where the words begin in it: behind a byte order mark. Each ends with
    /// white space, or with the text, so that no word and no character is cut.
    private func forEachPiece(_ body: (ArraySlice<UInt8>, _ start: Int) -> Void) throws {
        var isFirst = true
        func take(_ piece: ArraySlice<UInt8>) {
            let hasMark = isFirst && piece.starts(with: SplitText.byteOrderMark)
            isFirst = false
            body(piece, piece.startIndex + (hasMark ? SplitText.byteOrderMark.count : 0))
        }
        if let bytes { return take(bytes[...]) }
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            var piece: [UInt8] = []
            while let data = try file.read(upToCount: Self.pieceSize), !data.isEmpty {
                let known = piece.count
                piece += data
                guard let end = piece[known...].lastIndex(where: \.isWhitespace) else { continue }
                take(piece[...end])
                piece.removeSubrange(...end)
            }
            if !piece.isEmpty { take(piece[...]) }
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

extension Corpus {
    /// - Parameter texts: in the order train, valid, test.
    /// - Throws: `InputError` (`inputOutput`) when a file cannot be read.
    init(name: String, texts: [SplitText]) throws {
        var vocabulary = VocabularyBuilder()
        let splits = try texts.map { try $0.tokens(numberedBy: &vocabulary) }
        self.init(name: name, vocabulary: Vocabulary(vocabulary), train: splits[0], validation: splits[1], test: splits[2])
    }

    /// A corpus from the bytes of its three files.
    ///
    /// - Throws: `InputError` (`data`) naming the file, and the line of what is not text.
    package init(train: [UInt8], validation: [UInt8], test: [UInt8]) throws {
        let files = SplitNames.plain.all.map { URL(fileURLWithPath: "/\($0)") }
        try self.init(name: "bytes", texts: zip(files, [train, validation, test]).map { try SplitText($0, bytes: $1) })
    }
}

extension URL {
    /// Bytes of the file; 0 where it cannot be told.
    var fileSize: Int { ((try? FileManager.default.attributesOfItem(atPath: resolvingSymlinksInPath().path))?[.size] as? Int) ?? 0 }

    /// A text is read twice, which a pipe does not stand, and some devices have no end.
    ///
    /// - Throws: `InputError` (`inputOutput`).
    fileprivate func checkIsPlainFile() throws {
        let type = try? FileManager.default.attributesOfItem(atPath: resolvingSymlinksInPath().path)[.type] as? FileAttributeType
        guard type == .typeRegular else {
            throw InputError.inputOutput("\(path): \(type == nil ? "there is no such file" : "is not a plain file"); give a text file")
        }
    }
}

extension UInt8 {
    fileprivate static let lineFeed: UInt8 = 0x0A

    /// ASCII white space: space, tab, line feed, vertical tab, form feed, carriage return.
    fileprivate var isWhitespace: Bool {
        self == 0x20 || (self >= 0x09 && self <= 0x0D)
    }
}
