import Foundation
import Testing

@testable import Corpus

struct SyntheticSourceTests {
    @Test func `a model that knows the source gets the source's perplexity`() {
        let source = SyntheticSource()
        // One word's loss has a standard deviation of about 1.4: the mean of 200,000 lies within about 0.003.
        let found = source.perplexity(of: source.text(named: "long", count: 200_000))
        #expect(abs(log(found / source.perplexity)) < 0.015)
    }

    @Test func `the test text has the source's perplexity within sampling error`() throws {
        let source = SyntheticSource()
        let corpus = try DatasetLibrary().load(.synthetic)
        let numbers = corpus.test.map { id in
            let word = corpus.vocabulary.words[Int(id)]
            return word == "<eos>" ? 3 : Int(word.dropFirst()) ?? -1
        }
        let found = source.perplexity(of: numbers)
        #expect(abs(log(found / source.perplexity)) < 0.1)
        #expect(corpus.sourcePerplexity == source.perplexity)
    }

    @Test func `word frequencies alone are much worse than the source`() throws {
        let corpus = try DatasetLibrary().load(.synthetic)
        var counts = [Double](repeating: 1, count: corpus.vocabulary.count)
        for token in corpus.train {
            counts[Int(token)] += 1
        }
        let total = counts.reduce(0, +)
        let loss = corpus.test.reduce(0) { $0 - log(counts[Int($1)] / total) } / Double(corpus.test.count)
        let source = try #require(corpus.sourcePerplexity)
        #expect(exp(loss) > 1.5 * source)
        #expect(Double(corpus.vocabulary.count) > 4 * source)
    }

    @Test func `is the same on every machine`() throws {
        let corpus = try DatasetLibrary().load(.synthetic)
        #expect(corpus.digest == "034ac9b3a7cf05b3c1ad81e7330b8c87361953eb021725f0181343450c9e7625")
    }

    @Test func `keeps its perplexity for a part of the text only where no word is merged`() throws {
        let library = DatasetLibrary()
        #expect(try library.load(.synthetic, trainingTokens: 1000).sourcePerplexity == nil)
        #expect(try library.load(.synthetic, trainingTokens: 1000).isPartial)
        #expect(try library.load(.synthetic, trainingTokens: 30_000).sourcePerplexity != nil)
    }
}
