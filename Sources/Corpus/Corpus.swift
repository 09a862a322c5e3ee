import Crypto
import Documents

/// A text in three splits, as token ids.
public struct Corpus: Sendable, Equatable {
    /// The dataset's name; see ``Dataset/name``.
    public let name: String
    public let vocabulary: Vocabulary
    /// Token ids in reading order, one `<eos>` for every line, blank lines included.
    public let train, validation, test: [Int32]
    /// Only for the synthetic corpus: exp(entropy rate), the perplexity of a model that knows the source.
    public let sourcePerplexity: Double?
    /// Whether only a part of the training text is used; perplexities are then not comparable with the paper's.
    public let isPartial: Bool
    /// SHA-256, hexadecimal, of the vocabulary and the token ids of the three splits.
    public let digest: String

    /// A corpus from token ids at hand, each of which must be a position in the vocabulary.
    ///
    /// - Parameters:
    ///   - sourcePerplexity: that of a model which knows where the text comes from, where there is one.
    ///   - isPartial: whether only a part of the training text is used.
    public init(
        name: String, vocabulary: Vocabulary, train: [Int32], validation: [Int32], test: [Int32],
        sourcePerplexity: Double? = nil, isPartial: Bool = false
    ) {
        precondition(
            [train, validation, test].allSatisfy { $0.allSatisfy { $0 >= 0 && $0 < vocabulary.count } },
            "a token id is not one of the vocabulary's")
        self.name = name
        self.vocabulary = vocabulary
        self.train = train
        self.validation = validation
        self.test = test
        self.sourcePerplexity = sourcePerplexity
        self.isPartial = isPartial
        digest = Corpus.digest(vocabulary: vocabulary, splits: [train, validation, test])
    }

    /// The corpus that trains on the first `count` training tokens only. Its vocabulary is that prefix's types and
    /// `<unk>`, which every other word of the three splits reads as. 0 stands for the whole text.
    ///
    /// - Throws: `InputError` (`data`) when `count` is negative.
    package func usingTrainingTokens(_ count: Int) throws -> Corpus {
        guard count >= 0 else {
            throw InputError.data("training tokens: \(count) is negative; give 0 for the whole text, or a number above 0")
        }
        guard count > 0, count < train.count else {
            return self
        }
        // Ids follow first appearance, so the prefix's types are the first ids.
        let prefix = train.prefix(count)
        let types = Int(prefix.max() ?? 0) + 1
        let partial = Vocabulary(vocabulary.words.prefix(types) + [Vocabulary.unknown])
        guard let unknown = partial[Vocabulary.unknown] else {
            return self
        }
        func reduced(_ tokens: some Sequence<Int32>) -> [Int32] {
            tokens.map { $0 < types ? $0 : unknown }
        }
        return Corpus(
            name: name, vocabulary: partial,
            train: Array(prefix), validation: reduced(validation), test: reduced(test),
            // With words merged into <unk> the source's entropy rate is no longer that of the text.
            sourcePerplexity: types == vocabulary.count ? sourcePerplexity : nil,
            isPartial: true)
    }

    private static func digest(vocabulary: Vocabulary, splits: [[Int32]]) -> String {
        var hash = SHA256()
        hash.update(data: Array("\(vocabulary.digest)\n".utf8))
        for tokens in splits {
            hash.update(data: Array("\(tokens.count)\n".utf8))
            // In pieces, so that a large text is not copied.
            for start in stride(from: 0, to: tokens.count, by: 65_536) {
                var bytes: [UInt8] = []
                bytes.reserveCapacity(4 * 65_536)
                for token in tokens[start..<min(start + 65_536, tokens.count)] {
                    let bits = UInt32(bitPattern: token)
                    bytes.append(UInt8(truncatingIfNeeded: bits))
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                    bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
                }
                hash.update(data: bytes)
            }
        }
        return hexadecimal(hash.finalize())
    }
}
