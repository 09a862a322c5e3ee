import CKernels
import Foundation

/// A reproducible stream of random numbers of its own: Philox4x32-10, keyed by a seed and a name.
///
/// Streams of different names are independent, so what one draws changes nothing in another. The state is a key and
/// a counter of blocks of four 32-bit words; every call starts at a new block.
public struct RandomStream: RandomNumberGenerator, Equatable, Sendable, Codable {
    /// Mixes seed and name.
    public let key: UInt64
    /// The next block.
    public private(set) var counter: UInt64

    /// The stream called `name` of a run with the given seed.
    public init(seed: UInt64, name: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a over the name, mixed with the seed by SplitMix64.
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var z = hash &+ (seed &+ 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        self.init(key: z ^ (z >> 31), counter: 0)
    }

    /// A stream at a known place.
    public init(key: UInt64, counter: UInt64) {
        self.key = key
        self.counter = counter
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        var words: (UInt32, UInt32) = (0, 0)
        withUnsafeMutableBytes(of: &words) { raw in
            ck_philox(key, counter, 2, raw.baseAddress?.assumingMemoryBound(to: UInt32.self))
        }
        counter += 1
        return UInt64(words.1) << 32 | UInt64(words.0)
    }

    /// Uniform in [0, 1).
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Standard normal, by the method of Box and Muller.
    public mutating func normal() -> Double {
        let radius = 1 - uniform()
        return sqrt(-2 * log(radius)) * cos(2 * .pi * uniform())
    }

    /// Fills a contiguous matrix with 0 (with probability `dropped`) or `1 / (1 − dropped)`.
    public mutating func fillBernoulli(_ matrix: Matrix, dropped: Float, scaling: Bool = true) {
        precondition(matrix.isContiguous && dropped >= 0 && dropped < 1)
        let kept = 1 - Double(dropped)
        let threshold = UInt32(min(kept * 0x1p32, Double(UInt32.max)))
        StepProfile.measure(.masks) {
            ThreadTeam.forEachPart(of: matrix.count, granule: 64) { [key, counter] part in
                ck_bernoulli(
                    key, counter + UInt64(part.lowerBound / 4), part.count, threshold, scaling ? Float(1 / kept) : 1,
                    matrix.pointer + part.lowerBound)
            }
        }
        advance(matrix.count)
    }

    /// Fills a contiguous matrix with values uniform in [−bound, bound).
    public mutating func fillUniform(_ matrix: Matrix, bound: Float) {
        precondition(matrix.isContiguous)
        ck_uniform(key, counter, matrix.count, bound, matrix.pointer)
        advance(matrix.count)
    }

    private mutating func advance(_ words: Int) { counter += UInt64((words + 3) / 4) }
}
