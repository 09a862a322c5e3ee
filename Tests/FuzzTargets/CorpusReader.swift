import Corpus

/// Reads the three texts of a corpus, which the byte 0x1E separates, and cuts them into windows.
enum CorpusReader {
    private static let separator: UInt8 = 0x1E

    static func read(_ bytes: [UInt8]) -> Bool {
        var texts = bytes.split(separator: separator, maxSplits: 2, omittingEmptySubsequences: false).map(Array.init)
        while texts.count < 3 { texts.append(Array("a\n".utf8)) }
        guard let corpus = try? Corpus(train: texts[0], validation: texts[1], test: texts[2]) else { return false }
        check(corpus, texts: texts)
        for count in [1, texts[0].count % 7, corpus.train.count - 1, corpus.train.count] {
            guard let part = try? corpus.usingTrainingTokens(count) else { preconditionFailure("\(count) training tokens were refused") }
            precondition(part.train.count == (count == 0 ? corpus.train.count : min(count, corpus.train.count)) && part.vocabulary.count <= corpus.vocabulary.count + 1)
            precondition(part.validation.count == corpus.validation.count && part.test.count == corpus.test.count)
        }
        return true
    }

    /// Each line ends with `<eos>`, every token has a word, and the words without their spaces are the text.
    private static func check(_ corpus: Corpus, texts: [[UInt8]]) {
        let end = corpus.vocabulary[Vocabulary.endOfSentence]
        for (tokens, text) in zip([corpus.train, corpus.validation, corpus.test], texts) {
            precondition(tokens.last == end)
            let words = tokens.map { corpus.vocabulary.words[Int($0)] }
            let letters = words.filter { $0 != Vocabulary.endOfSentence }.flatMap { Array($0.utf8) }
            let expected = text.dropFirst(text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0).filter { $0 != 0x20 && !(0x09...0x0D).contains($0) }
            // The text may have the word <eos> too.
            precondition(text.contains(UInt8(ascii: "<")) || letters == Array(expected))
            let lines = text.count { $0 == 0x0A } + (text.last == 0x0A ? 0 : 1)
            precondition(tokens.count { $0 == end } >= lines)
            guard let streams = try? TokenStreams(tokens: tokens, batchSize: 2, windowLength: 2) else { continue }
            let window = streams.window(at: streams.length / 2, length: 3)
            precondition(window.inputs.count == window.length * 2 && window.targets.count == window.inputs.count)
        }
    }
}
