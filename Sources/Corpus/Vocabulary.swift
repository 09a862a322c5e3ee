/// The words of a corpus and their numbers.
///
/// Words are numbered by first appearance: training text, then validation, then test text. Two words are the same
/// when their UTF-8 bytes are: nothing is folded or normalised.
public struct Vocabulary: Sendable, Equatable {
    /// The end of a line.
    public static let endOfSentence = "<eos>"
    /// The word that a word outside the vocabulary reads as.
    public static let unknown = "<unk>"

    /// Every word; a word's position is its token id.
    public let words: [String]
    private let ids: WordNumbers

    /// The number of words, V.
    public var count: Int { words.count }

    /// The token id of a word, or nil when the vocabulary does not have it.
    public subscript(word: String) -> Int32? {
        ids[ArraySlice(word.utf8)]
    }

    /// The token id of a word in UTF-8.
    subscript(word: ArraySlice<UInt8>) -> Int32? { ids[word] }

    /// SHA-256, hexadecimal, of the words joined by line feeds.
    public var digest: String {
        sha256(Array(words.joined(separator: "\n").utf8))
    }

    /// The words in the given order; one that comes twice keeps its first place.
    public init(_ words: some Sequence<String>) {
        var builder = VocabularyBuilder()
        for word in words {
            _ = builder.id(of: ArraySlice(word.utf8))
        }
        self.init(builder)
    }

    init(_ builder: VocabularyBuilder) {
        words = builder.words
        ids = builder.ids
    }
}

/// Numbers words as they appear. Keys are raw bytes, because `String` would take canonically equivalent spellings for
/// one word.
struct VocabularyBuilder {
    private(set) var words: [String] = []
    private(set) var ids = WordNumbers()

    mutating func id(of word: ArraySlice<UInt8>) -> Int32 {
        if let id = ids[word] {
            return id
        }
        let id = Int32(words.count)
        words.append(String(decoding: word, as: UTF8.self))
        ids[word] = id
        return id
    }
}

/// The numbers of words. A word of up to seven bytes, as most are, is packed into an integer, which is found faster and takes less memory.
struct WordNumbers: Sendable, Equatable {
    private var short: [UInt64: Int32] = [:]
    private var long: [ArraySlice<UInt8>: Int32] = [:]

    subscript(word: ArraySlice<UInt8>) -> Int32? {
        get {
            if let packed = Self.packed(word) { short[packed] } else { long[word] }
        }
        set {
            if let packed = Self.packed(word) {
                short[packed] = newValue
            } else {
                // A copy of its own, so that the dictionary does not keep the text alive.
                long[ArraySlice(Array(word))] = newValue
            }
        }
    }

    /// The number of bytes, and the bytes.
    private static func packed(_ word: ArraySlice<UInt8>) -> UInt64? {
        guard word.count < 8 else { return nil }
        return word.reduce(UInt64(word.count)) { $0 << 8 | UInt64($1) }
    }
}
