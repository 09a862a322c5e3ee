import Kernels
@testable import LanguageModel
import NaiveTwins
import Recurrent
import Testing

@Suite struct CachePointerTests {
    /// Windows shorter than a block of 70 words, longer than one, and longer than the text.
    @Test(arguments: CellKind.allCases, [1, 9, 100, 1_000_000_000_000])
    func aTextIsReadAsByTheTwin(cell: CellKind, window: Int) throws {
        let read = try ReadModel(cell)
        let tokens = SmallText.tokens(240, seed: 12)
        let whole = ReadModel.windows(tokens, batchSize: 1, length: 240)[0]
        let forward = read.twin.forward(whole, state: read.twin.zeroState(batchSize: 1))
        let strengths = CachePointer.Strengths(window: window, lambda: 0.3, theta: 1.7)
        let expected = NaiveCachePointer.losses(
            logits: forward.logits, outputs: forward.dropped, targets: whole.targets, window: min(window, 240), lambda: 0.3, theta: 1.7)
        let cached = try #require(try TextReading.read(tokens, with: read.model, cache: strengths, split: "text").cached)
        #expect(relativeDistance(cached.losses, expected) < 1e-4)
        #expect(abs(cached.meanLoss - expected.reduce(0, +) / 239) < 1e-5)
    }

    @Test func theModelsOwnFiguresStayTheSameToTheLastBit() throws {
        let model = try ReadModel(.lstm).model
        let tokens = SmallText.tokens(240, seed: 12)
        let (plain, none) = try TextReading.read(tokens, with: model, split: "text")
        #expect(none == nil && plain.losses.count == 239)
        #expect(try plain.meanLoss == Evaluator(model, batchSize: 1).meanLoss(of: tokens, split: "text"))
        let withCache = try TextReading.read(tokens, with: model, cache: .wikiText2, split: "text")
        #expect(withCache.plain == plain && withCache.cached != plain)
        // A cache that has no part changes nothing at all.
        let idle = try TextReading.read(tokens, with: model, cache: .init(window: 50, lambda: 0, theta: 1), split: "text")
        #expect(idle.cached?.losses == plain.losses)
    }

    @Test func likenessThatCountsAboveAllMeasureIsStillANumber() throws {
        let tokens = SmallText.tokens(100, seed: 12)
        let reading = try TextReading.read(
            tokens, with: try ReadModel(.gru).model, cache: .init(window: 50, lambda: 0.5, theta: 1e300), split: "text")
        #expect(reading.cached?.perplexity.isFinite == true)
    }
}
