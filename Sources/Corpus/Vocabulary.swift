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
    private let ids: [ArraySlice<UInt8>: Int32]

    /// The number of words, V.
    public var count: Int { words.count }

    /// The token id of a word, or nil when the vocabulary does not have it.
    public subscript(word: String) -> Int32? {
        ids[ArraySlice(word.utf8)]
    }

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
    private(set) var ids: [ArraySlice<UInt8>: Int32] = [:]

    mutating func id(of word: ArraySlice<UInt8>) -> Int32 {
        if let id = ids[word] {
            return id
        }
        let id = Int32(words.count)
        words.append(String(decoding: word, as: UTF8.self))
        // A copy of its own, so that the dictionary does not keep the whole file alive.
        ids[ArraySlice(Array(word))] = id
        return id
    }
}
