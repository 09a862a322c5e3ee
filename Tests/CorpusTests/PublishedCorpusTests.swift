import Foundation
import Testing

@testable import Corpus

private let dataFolder = ProcessInfo.processInfo.environment["ABLATE_DATA"]

@Suite(.enabled(if: dataFolder != nil, "set ABLATE_DATA to a folder with ptb/ and wikitext-2/"))
struct PublishedCorpusTests {
    private let library = DatasetLibrary()

    @Test func `Penn Treebank has its published counts`() throws {
        let corpus = try library.load(.ptb)
        #expect(corpus.name == "ptb")
        #expect(corpus.train.count == 929_589)
        #expect(corpus.validation.count == 73_760)
        #expect(corpus.test.count == 82_430)
        #expect(corpus.vocabulary.count == 10_000)
        #expect(corpus.vocabulary["aer"] == 0)
        #expect(corpus.vocabulary.words[24] == "<eos>")
        #expect(corpus.sourcePerplexity == nil)
        #expect(!corpus.isPartial)
    }

    @Test func `WikiText-2 has its published counts`() throws {
        let corpus = try library.load(.wt2)
        #expect(corpus.train.count == 2_088_628)
        #expect(corpus.validation.count == 217_646)
        #expect(corpus.test.count == 245_569)
        #expect(corpus.vocabulary.count == 33_278)
        // The first line is blank but for a space.
        #expect(corpus.train.first == corpus.vocabulary["<eos>"])
    }

    @Test func `Penn Treebank loads in well under a second`() throws {
        // The quickest of three: other tests run at the same time.
        let clock = ContinuousClock()
        let elapsed = try (0..<3).map { _ in try clock.measure { _ = try library.load(.ptb) } }.min() ?? .zero
        #expect(elapsed < .milliseconds(700))
    }

    @Test func `a part of the training text has that part's vocabulary`() throws {
        let whole = try library.load(.ptb)
        let part = try library.load(.ptb, trainingTokens: 50_000)
        #expect(part.isPartial)
        #expect(part.train == Array(whole.train.prefix(50_000)))
        #expect(part.vocabulary.count == Set(part.train).count)
        let unknown = try #require(part.vocabulary["<unk>"])
        for (reduced, full) in zip(part.validation, whole.validation) {
            let word = whole.vocabulary.words[Int(full)]
            #expect(reduced == part.vocabulary[word] ?? unknown)
        }
    }
}
