import Foundation

/// A text read with the words of a vocabulary that it had no part in.
///
/// A word that the vocabulary does not have reads as `<unk>`; where the vocabulary does not have that either, the word is left out.
public struct ReadText: Sendable, Equatable {
    /// Token ids in reading order, one `<eos>` for every line, if the vocabulary has it.
    public private(set) var tokens: [Int32] = []
    /// Number of words, line ends not counted.
    public private(set) var words = 0
    /// Number of words that the vocabulary does not have.
    public private(set) var unknownWords = 0
    /// The first of those, each once.
    public private(set) var unknownExamples: [String] = []

    private static let mostExamples = 5

    /// - Throws: `InputError` (`inputOutput`) when the file cannot be read.
    init(_ text: SplitText, vocabulary: Vocabulary) throws {
        let endOfSentence = ArraySlice(Vocabulary.endOfSentence.utf8)
        let unknown = vocabulary[Vocabulary.unknown]
        try text.forEachWord { word in
            let id = vocabulary[word]
            if word != endOfSentence {
                words += 1
                if id == nil {
                    unknownWords += 1
                    note(String(decoding: word, as: UTF8.self))
                }
            }
            if let id = id ?? (word == endOfSentence ? nil : unknown) { tokens.append(id) }
        }
    }

    /// Reads words and lines at hand; the last line does not end.
    ///
    /// - Throws: `InputError` (`data`) when there is no word.
    public init(_ text: String, vocabulary: Vocabulary) throws {
        try self.init(SplitText(URL(fileURLWithPath: "/text"), bytes: Array(text.utf8)), vocabulary: vocabulary)
        let isEnded = text.utf8.last == UInt8(ascii: "\n")
        if !isEnded, vocabulary[Vocabulary.endOfSentence] != nil { tokens.removeLast() }
    }

    private mutating func note(_ word: String) {
        if unknownExamples.count < Self.mostExamples, !unknownExamples.contains(word) { unknownExamples.append(word) }
    }
}
