import Testing

@testable import Corpus

struct TokenStreamsTests {
    @Test func `stream b is the contiguous part b`() throws {
        let streams = try TokenStreams(tokens: Array(0..<14), batchSize: 3)
        #expect(streams.length == 4)
        let window = streams.window(at: 0, length: 2)
        #expect(window == Window(inputs: [0, 4, 8, 1, 5, 9], targets: [1, 5, 9, 2, 6, 10], length: 2, batchSize: 3))
    }

    @Test func `a window is clipped to what remains`() throws {
        let streams = try TokenStreams(tokens: Array(0..<14), batchSize: 3)
        let last = streams.window(at: 2, length: 70)
        #expect(last == Window(inputs: [2, 6, 10], targets: [3, 7, 11], length: 1, batchSize: 3))
        for position in [3, 4, 100] {
            #expect(streams.window(at: position, length: 5) == Window(inputs: [], targets: [], length: 0, batchSize: 3))
        }
    }

    @Test func `windows one after the other predict every token but each stream's first`() throws {
        let streams = try TokenStreams(tokens: Array(0..<103), batchSize: 5)
        var targets: [Int32] = []
        var position = 0
        while position < streams.length - 1 {
            let window = streams.window(at: position, length: 7)
            targets += window.targets
            position += window.length
        }
        #expect(targets.sorted() == (0..<100).filter { $0 % 20 != 0 })
    }

    @Test(arguments: [(39, 20, 1, 40), (0, 1, 1, 2), (1419, 20, 70, 1420)])
    func `too few tokens are refused`(tokens: Int, batchSize: Int, windowLength: Int, needed: Int) throws {
        let error = try failure {
            try TokenStreams(tokens: Array(repeating: 0, count: tokens), batchSize: batchSize, windowLength: windowLength, split: "train")
        }
        #expect(error.kind == .data)
        #expect(error.message.hasPrefix("train: \(tokens) tokens"))
        #expect(error.message.hasSuffix("at least \(needed)"))
        _ = try TokenStreams(tokens: Array(repeating: 0, count: needed), batchSize: batchSize, windowLength: windowLength)
    }

    @Test(arguments: [(0, 1), (-1, 1), (1, 0), (Int.max, 1), (1, Int.max), (Int.max, Int.max)])
    func `absurd sizes are refused`(batchSize: Int, windowLength: Int) throws {
        let error = try failure {
            try TokenStreams(tokens: [1, 2, 3], batchSize: batchSize, windowLength: windowLength)
        }
        #expect(error.kind == .data)
    }
}
