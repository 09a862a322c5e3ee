/// The King James Bible as text for a language model: a verse a line, in three splits.
///
/// Read from lines such as `Ge1:3 And God said, Let there be light: and there was light.` The rule:
///
/// - The reference and the space after it are left out.
/// - A to Z become lower case.
/// - A word is a run of letters. A hyphen with a letter on both sides belongs to it (`loving-kindness`).
/// - An apostrophe begins a word that takes the letters after it, as in Penn Treebank: `LORD's` is `lord 's`, `sons'` is `sons '`.
/// - Every other character is a word of its own, but spaces, which only separate.
/// - Words are separated by one space, lines end with a line feed.
///
/// Verses are cut, in their order, into blocks of 100. Of each 20 blocks the tenth is validation text, the twentieth test
/// text, and the others are training text: books of all kinds are in all three.
enum KingJamesBible {
    static let versesOfABlock = 100
    static let blocksOfARound = 20

    /// Which of train (0), valid (1) and test (2) a verse belongs to, counted from 0 in the order of the Bible.
    static func split(ofVerse index: Int) -> Int {
        switch index / versesOfABlock % blocksOfARound {
        case blocksOfARound / 2 - 1: 1
        case blocksOfARound - 1: 2
        default: 0
        }
    }

    /// The texts of train, valid and test.
    ///
    /// - Throws: ``BadVerse`` at the first line that does not begin with a reference.
    static func splits(of printed: [UInt8]) throws(BadVerse) -> [[UInt8]] {
        var splits: [[UInt8]] = [[], [], []]
        for (index, line) in printed.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let verse = verse(of: line) else { throw BadVerse(line: String(decoding: line.prefix(60), as: UTF8.self)) }
            splits[split(ofVerse: index)] += words(of: verse).joined(separator: [UInt8(ascii: " ")]) + [UInt8(ascii: "\n")]
        }
        return splits
    }

    /// A line, or its beginning, that is no verse.
    struct BadVerse: Error {
        let line: String
    }

    /// The line without its reference: `Ge1:3`, `1Chr29:30`; nil where there is none.
    private static func verse(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let book = line.drop { $0.isDigit }.drop { $0.isLetter }
        let colon = book.drop { $0.isDigit }
        guard colon.first == UInt8(ascii: ":"), book.first?.isDigit == true else { return nil }
        let space = colon.dropFirst().drop { $0.isDigit }
        guard space.first == UInt8(ascii: " "), space.startIndex > colon.startIndex + 1 else { return nil }
        return space.dropFirst()
    }

    /// The words of a verse, by the rule above.
    static func words(of verse: ArraySlice<UInt8>) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var isWordOpen = false
        for index in verse.indices {
            let byte = verse[index]
            let isHyphen = byte == UInt8(ascii: "-") && isWordOpen && verse[verse.index(after: index)...].first?.isLetter == true
            if byte == UInt8(ascii: " ") {
                isWordOpen = false
            } else if isWordOpen, byte.isLetter || isHyphen {
                words[words.count - 1].append(byte.lowercase)
            } else {
                words.append([byte.lowercase])
                isWordOpen = byte.isLetter || byte == UInt8(ascii: "'")
            }
        }
        return words
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    fileprivate var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
    fileprivate var lowercase: UInt8 { isLetter ? self | 0x20 : self }
}
