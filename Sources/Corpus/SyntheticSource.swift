import Foundation
import Kernels

/// A stochastic source of text whose entropy rate is known exactly.
///
/// The next word depends on the word before it and on the class of the word before that one: it is drawn from a
/// mixture of the few words that like to follow the last word, the few that the class favours, and all words by
/// Zipf's law. A model must therefore learn word pairs and remember one word more; none can do better than
/// `perplexity`.
package struct SyntheticSource: Sendable {
    private static let wordCount = 200
    private static let classCount = 4
    private static let favourites = 8
    private static let mixture = (follower: 0.6, topic: 0.3, background: 0.1)
    private static let tokenCounts = (train: 30_000, validation: 6_000, test: 6_000)

    private let seed: UInt64
    /// P(next | state), [states, words]; state = class of the word before the last · words + last word.
    private let transitions: [[Double]]
    /// How often each state occurs, [states].
    private let stationary: [Double]

    package init(seed: UInt64 = 1) {
        self.seed = seed
        var random = RandomStream(seed: seed, name: "synthetic.source")
        let background = (0..<Self.wordCount).map { 1 / Double($0 + 1) }.normalised
        let followers = (0..<Self.wordCount).map { _ in Self.favourites(of: background, using: &random) }
        let topics = (0..<Self.classCount).map { _ in Self.favourites(of: background, using: &random) }
        transitions = topics.flatMap { topic in
            followers.map { follower in
                (0..<Self.wordCount).map { word in
                    Self.mixture.follower * follower[word] + Self.mixture.topic * topic[word]
                        + Self.mixture.background * background[word]
                }
            }
        }
        stationary = Self.stationaryDistribution(of: transitions)
    }

    /// exp(entropy rate): what a model that knows the source scores on endless text.
    package var perplexity: Double {
        var entropyRate = 0.0
        for (weight, row) in zip(stationary, transitions) {
            entropyRate -= weight * row.reduce(0) { $0 + $1 * log($1) }
        }
        return exp(entropyRate)
    }

    /// The perplexity of a model that knows the source on a text of word numbers, from the third word on.
    package func perplexity(of words: [Int]) -> Double {
        var loss = 0.0
        for position in 2..<max(words.count, 2) {
            let state = Self.state(before: words[position - 2], last: words[position - 1])
            loss -= log(transitions[state][words[position]])
        }
        return exp(loss / Double(max(words.count - 2, 1)))
    }

    /// Draws a text of word numbers; the same name gives the same text.
    package func text(named name: String, count: Int) -> [Int] {
        var random = RandomStream(seed: seed, name: "synthetic.\(name)")
        var state = Self.draw(from: stationary, using: &random)
        return (0..<count).map { _ in
            let last = state % Self.wordCount
            let next = Self.draw(from: transitions[state], using: &random)
            state = Self.state(before: last, last: next)
            return next
        }
    }

    /// The corpus `synthetic`.
    func corpus() -> Corpus {
        let counts = Self.tokenCounts
        var vocabulary = VocabularyBuilder()
        func split(_ name: String, _ count: Int) -> [Int32] {
            text(named: name, count: count).map { vocabulary.id(of: ArraySlice(Self.spelling(of: $0).utf8)) }
        }
        let train = split("train", counts.train)
        let validation = split("validation", counts.validation)
        let test = split("test", counts.test)
        return Corpus(
            name: "synthetic", vocabulary: Vocabulary(vocabulary), train: train, validation: validation, test: test,
            sourcePerplexity: perplexity)
    }

    /// `<eos>` is one of the frequent words, so that lines are about as long as in real text.
    private static func spelling(of word: Int) -> String {
        word == 3 ? Vocabulary.endOfSentence : "w\(word)"
    }

    private static func state(before: Int, last: Int) -> Int {
        before % classCount * wordCount + last
    }

    /// A few distinct words drawn from `background`, weighted by Zipf's law in the order drawn; [words].
    private static func favourites(of background: [Double], using random: inout RandomStream) -> [Double] {
        var remaining = background
        var weights = [Double](repeating: 0, count: background.count)
        for rank in 1...favourites {
            let word = draw(from: remaining.normalised, using: &random)
            remaining[word] = 0
            weights[word] = 1 / Double(rank)
        }
        return weights.normalised
    }

    private static func draw(from distribution: [Double], using random: inout RandomStream) -> Int {
        var rest = random.uniform()
        for (outcome, probability) in distribution.enumerated() {
            rest -= probability
            if rest < 0 {
                return outcome
            }
        }
        // Rounding can leave a rest: the last outcome that is possible.
        return distribution.lastIndex { $0 > 0 } ?? 0
    }

    /// Power iteration. Every word can follow every state, so the limit exists and is unique.
    private static func stationaryDistribution(of transitions: [[Double]]) -> [Double] {
        var current = [Double](repeating: 1 / Double(transitions.count), count: transitions.count)
        for _ in 0..<1000 {
            var next = [Double](repeating: 0, count: current.count)
            for (state, row) in transitions.enumerated() {
                let first = Self.state(before: state % wordCount, last: 0)
                for word in 0..<wordCount {
                    next[first + word] += current[state] * row[word]
                }
            }
            let change = zip(current, next).reduce(0) { $0 + abs($1.0 - $1.1) }
            current = next
            if change < 1e-13 {
                break
            }
        }
        return current
    }
}

extension [Double] {
    fileprivate var normalised: [Double] {
        let total = reduce(0, +)
        return map { $0 / total }
    }
}
