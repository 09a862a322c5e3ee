import Corpus
import Foundation
import Kernels

/// Goes on with a text, word by word. One seed gives one text.
public struct TextGenerator {
    /// How the next word is chosen.
    public struct Choice: Equatable, Sendable {
        /// The logits are divided by it: below 1 likely words come more often, above 1 less. 0 takes the likeliest each time.
        public var temperature = 1.0
        /// Number of likeliest words that can come, of equally likely ones those of smaller ids; nil for all.
        public var topK: Int?
        /// A word that must not come.
        public var excluded: Int32?

        public init() {}
    }

    private let choice: Choice
    private let pass: WindowPass
    private var state: ModelState
    /// [V], of the next word.
    private var logits: [Float]
    private var stream: RandomStream

    private static let windowLength = 70

    /// A generator that has read nothing; before the first ``read(_:)`` all words are equally likely.
    public init(_ model: LanguageModel, choice: Choice, seed: UInt64) {
        self.choice = choice
        pass = WindowPass(model, batchSize: 1, maximumLength: Self.windowLength, techniques: nil)
        state = model.zeroState(batchSize: 1)
        logits = [Float](repeating: 0, count: model.vocabularySize)
        stream = RandomStream(seed: seed, name: "generate")
    }

    /// Reads words, each of which must be in the vocabulary.
    public mutating func read(_ tokens: [Int32]) {
        for start in stride(from: 0, to: tokens.count, by: Self.windowLength) {
            let inputs = Array(tokens[start..<min(start + Self.windowLength, tokens.count)])
            let window = Window(inputs: inputs, targets: inputs, length: inputs.count, batchSize: 1)
            (logits, state) = pass.logits(after: window, state: state)
        }
    }

    /// Chooses the next word and reads it; nil where the vocabulary has none that may come.
    public mutating func next() -> Int32? {
        guard let word = choice.word(logits: logits, uniform: stream.uniform()) else { return nil }
        read([word])
        return word
    }
}

extension TextGenerator.Choice {
    /// - Parameter uniform: a random number in [0, 1), which picks among the words in the order of their ids.
    func word(logits: [Float], uniform: Double) -> Int32? {
        var words = logits.indices.filter { excluded.map(Int.init) != $0 }
        if let likeliest = temperature == 0 ? 1 : topK, likeliest < words.count {
            words.sort { (logits[$1], $0) < (logits[$0], $1) }
            words = words.prefix(likeliest).sorted()
        }
        let highest = words.map { Double(logits[$0]) }.max() ?? 0
        // A single one is certain at any temperature.
        let weights = words.map { words.count == 1 ? 1 : exp((Double(logits[$0]) - highest) / temperature) }
        var rest = uniform * weights.reduce(0, +)
        for (word, weight) in zip(words, weights) {
            rest -= weight
            if rest < 0 { return Int32(word) }
        }
        return words.last.map { Int32($0) }
    }
}
