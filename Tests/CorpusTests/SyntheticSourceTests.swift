import Foundation
import Testing

@testable import Corpus

struct SyntheticSourceTests {
    @Test func `a model that knows the source gets the source's perplexity`() {
        let source = SyntheticSource()
        // One word's loss has a standard deviation of about 1.4, so 200,000 words give the mean within 0.003.
        let found = source.perplexity(of: source.text(named: "long", count: 200_000))
        print("source \(source.perplexity), found \(found)")
        #expect(abs(log(found / source.perplexity)) < 0.02)
    }

    @Test func `the test text has the source's perplexity within sampling error`() throws {
        let source = SyntheticSource()
        let corpus = try DatasetLibrary(dataDirectory: nil, mirror: nil).load(.synthetic)
        let numbers = corpus.test.map { id in
            let word = corpus.vocabulary.words[Int(id)]
            return word == "<eos>" ? 3 : Int(word.dropFirst()) ?? -1
        }
        let found = source.perplexity(of: numbers)
        print("test \(found), V \(corpus.vocabulary.count)")
        #expect(abs(log(found / source.perplexity)) < 0.1)
        #expect(corpus.sourcePerplexity == source.perplexity)
    }

    @Test func `word frequencies alone are much worse than the source`() throws {
        let corpus = try DatasetLibrary(dataDirectory: nil, mirror: nil).load(.synthetic)
        var counts = [Double](repeating: 1, count: corpus.vocabulary.count)
        for token in corpus.train {
            counts[Int(token)] += 1
        }
        let total = counts.reduce(0, +)
        let loss = corpus.test.reduce(0) { $0 - log(counts[Int($1)] / total) } / Double(corpus.test.count)
        let source = try #require(corpus.sourcePerplexity)
        print("unigram \(exp(loss))")
        #expect(exp(loss) > 1.5 * source)
        #expect(Double(corpus.vocabulary.count) > 4 * source)
    }
}
