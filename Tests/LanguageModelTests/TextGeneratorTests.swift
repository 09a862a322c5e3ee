import Foundation
@testable import LanguageModel
import NaiveTwins
import Recurrent
import Testing

@Suite struct TextGeneratorTests {
    private let logits: [Float] = [0.5, 2, -1, 2, 1]

    /// How often each word comes when the random number goes through [0, 1) evenly.
    private func frequencies(_ change: (inout TextGenerator.Choice) -> Void) -> [Double] {
        var choice = TextGenerator.Choice()
        change(&choice)
        var counts = logits.map { _ in 0.0 }
        for step in 0..<10_000 {
            if let word = choice.word(logits: logits, uniform: (Double(step) + 0.5) / 10_000) { counts[Int(word)] += 1e-4 }
        }
        return counts
    }

    private func softmax(_ words: [Int], temperature: Double = 1) -> [Double] {
        let weights = logits.indices.map { words.contains($0) ? exp(Double(logits[$0]) / temperature) : 0 }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    @Test func wordsComeAsOftenAsTheModelSays() {
        let cases: [([Double], [Double])] = [
            (frequencies { _ in }, softmax([0, 1, 2, 3, 4])),
            (frequencies { $0.temperature = 0.5 }, softmax([0, 1, 2, 3, 4], temperature: 0.5)),
            (frequencies { $0.topK = 3 }, softmax([1, 3, 4])),
            (frequencies { $0.topK = 1 }, softmax([1])),
            (frequencies { $0.topK = 99 }, softmax([0, 1, 2, 3, 4])),
            (frequencies { $0.excluded = 3 }, softmax([0, 1, 2, 4])),
            (frequencies { ($0.topK, $0.excluded) = (2, 1) }, softmax([3, 4])),
            (frequencies { $0.temperature = 0 }, softmax([1])),
            (frequencies { ($0.temperature, $0.excluded) = (0, 1) }, softmax([3])),
            (frequencies { $0.temperature = 1e-300 }, softmax([1, 3])),
        ]
        for (index, (frequencies, expected)) in cases.enumerated() {
            #expect(zip(frequencies, expected).allSatisfy { abs($0 - $1) < 2e-4 }, "case \(index): \(frequencies)")
        }
    }

    @Test func whereNoWordMayComeNoneComes() {
        var choice = TextGenerator.Choice()
        choice.excluded = 0
        #expect(choice.word(logits: [1], uniform: 0.5) == nil)
    }

    /// A prompt longer than a window, then the likeliest words.
    @Test(arguments: CellKind.allCases) func theLikeliestWordsAreTheTwins(cell: CellKind) throws {
        let read = try ReadModel(cell)
        var tokens = SmallText.tokens(151, seed: 14)
        var choice = TextGenerator.Choice()
        choice.temperature = 0
        var generator = TextGenerator(read.model, choice: choice, seed: 1)
        generator.read(tokens)
        for _ in 0..<8 {
            let window = ReadModel.windows(tokens + [0], batchSize: 1, length: 1_000)[0]
            let last = read.twin.forward(window, state: read.twin.zeroState(batchSize: 1)).logits.row(tokens.count - 1)
            let expected = last.indices.max { last[$0] < last[$1] }.map { Int32($0) }
            let word = generator.next()
            #expect(word == expected)
            tokens.append(word ?? 0)
        }
    }

    @Test func oneSeedGivesOneText() throws {
        let model = try ReadModel(.lstm).model
        func text(seed: UInt64) -> [Int32?] {
            var generator = TextGenerator(model, choice: .init(), seed: seed)
            return (0..<40).map { _ in generator.next() }
        }
        #expect(text(seed: 5) == text(seed: 5))
        #expect(text(seed: 5) != text(seed: 6))
    }
}
