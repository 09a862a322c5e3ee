import Foundation
import Kernels
import Testing

@Suite struct RandomStreamTests {
    /// The known-answer vectors that the authors of Philox publish with Random123.
    @Test func theNaivePhiloxGivesThePublishedWords() {
        #expect(
            philox(counter: [0, 0, 0, 0], key: [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        let ones = UInt32.max
        #expect(
            philox(counter: [ones, ones, ones, ones], key: [ones, ones])
                == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
            philox(
                counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0])
                == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    private func words(key: UInt64, counter: UInt64) -> [UInt32] {
        philox(
            counter: [UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0],
            key: [UInt32(truncatingIfNeeded: key), UInt32(key >> 32)])
    }

    @Test func theFirstDrawIsTheKnownAnswer() {
        var stream = RandomStream(key: 0, counter: 0)
        #expect(stream.next() == 0xe169_c58d_6627_e8d5)
    }

    @Test(arguments: [0, 7, 0xFFFF_FFFF, 0x1234_5678_9ABC] as [UInt64])
    func drawsAreTheWordsOfSuccessiveBlocks(counter: UInt64) {
        let key: UInt64 = 0x0123_4567_89AB_CDEF
        var stream = RandomStream(key: key, counter: counter)
        for step in 0..<40 {
            let expected = words(key: key, counter: counter + UInt64(step))
            #expect(stream.next() == UInt64(expected[1]) << 32 | UInt64(expected[0]))
        }
    }

    /// Every length, so that no width of vector loop has a wrong remainder.
    @Test func fillsUseTheWordsInOrder() {
        let key: UInt64 = 99
        for count in [1, 3, 4, 5, 63, 64, 65, 130] {
            var stream = RandomStream(key: key, counter: 5)
            let mask = Matrix(rows: 1, columns: count)
            stream.fillBernoulli(mask, dropped: 0.25)
            let expected = (0..<count).map { index -> Float in
                let word = words(key: key, counter: 5 + UInt64(index / 4))[index % 4]
                return Double(word) < 0.75 * 0x1p32 ? Float(1 / 0.75) : 0
            }
            #expect(mask.toArray() == expected)
            #expect(stream.counter == 5 + UInt64((count + 3) / 4), "the next fill starts at a new block")
        }
    }

    @Test func streamsAreKeyedBySeedAndName() {
        let names = ["weight-dropping/0", "weight-dropping/1", "embedding-dropout", "windows", ""]
        var keys: Set<UInt64> = []
        for seed in [0, 1, 2, UInt64.max] {
            for name in names { keys.insert(RandomStream(seed: seed, name: name).key) }
        }
        #expect(keys.count == 4 * names.count)
        #expect(RandomStream(seed: 5, name: "a") == RandomStream(seed: 5, name: "a"))
    }

    @Test func oneStreamsDrawsChangeNothingInAnother() {
        var alone = RandomStream(seed: 1, name: "a")
        var beside = RandomStream(seed: 1, name: "a")
        var other = RandomStream(seed: 1, name: "b")
        for _ in 0..<20 {
            _ = other.next()
            #expect(alone.next() == beside.next())
        }
    }

    @Test func streamsAreNotCorrelated() {
        var first = RandomStream(seed: 1, name: "a")
        var second = RandomStream(seed: 1, name: "b")
        let count = 20_000
        let covariance = (0..<count).reduce(0.0) { sum, _ in sum + (first.uniform() - 0.5) * (second.uniform() - 0.5) }
        // The correlation of independent streams has standard deviation 1/√n.
        #expect(abs(covariance / Double(count) * 12) < 5 / Double(count).squareRoot())
    }

    @Test func momentsOfUniformAndNormal() {
        var stream = RandomStream(seed: 11, name: "moments")
        let count = 40_000
        let uniform = (0..<count).map { _ in stream.uniform() }
        let normal = (0..<count).map { _ in stream.normal() }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let error = 5 / Double(count).squareRoot()
        #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(mean(uniform) - 0.5) < error)
        #expect(abs(mean(uniform.map { $0 * $0 }) - 1.0 / 3) < error)
        #expect(abs(mean(normal)) < error)
        #expect(abs(mean(normal.map { $0 * $0 }) - 1) < 2 * error)
        #expect(abs(mean(normal.map { $0 * $0 * $0 * $0 }) - 3) < 10 * error)
    }

    @Test func fillUniformCoversItsInterval() throws {
        var stream = RandomStream(seed: 12, name: "fill")
        let values = Matrix(rows: 101, columns: 199)
        stream.fillUniform(values, bound: 0.1)
        let array = values.toArray()
        let count = Double(array.count)
        #expect(array.allSatisfy { $0 >= -0.1 && $0 < 0.1 })
        let (smallest, largest) = (try #require(array.min()), try #require(array.max()))
        #expect(smallest < -0.0999 && largest > 0.0999)
        #expect(abs(array.reduce(0.0) { $0 + Double($1) } / count) < 0.1 * 5 / count.squareRoot())
        let variance = array.reduce(0.0) { $0 + Double($1 * $1) } / count
        #expect(abs(variance / (0.01 / 3) - 1) < 5 / count.squareRoot())
    }
}
