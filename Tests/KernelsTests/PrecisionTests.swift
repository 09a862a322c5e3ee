import CKernels
import NaiveTwins
import Testing

@testable import Kernels

/// Rounding to bfloat16, and what machines without it are told.
@Suite struct PrecisionTests {
    /// Patterns at which rounding turns: ties to both sides and their neighbours, infinities and what rounds to them, numbers that are none,
    /// subnormal ones, both zeros; and others at random.
    private static let values: [Float] = {
        let uppers: [UInt32] = [0x0000, 0x0001, 0x007F, 0x0080, 0x0081, 0x3F7F, 0x3F80, 0x3F81, 0x7F7E, 0x7F7F, 0x7F80, 0x7F81, 0x7FC0, 0x7FFF]
        let lowers: [UInt32] = [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF]
        let chosen = uppers.flatMap { upper in lowers.flatMap { [upper << 16 | $0, 0x8000_0000 | upper << 16 | $0] } }
        var random = NaiveRandom(seed: 9)
        return (chosen + (0..<4000).map { _ in UInt32(truncatingIfNeeded: random.next()) }).map { Float(bitPattern: $0) }
    }()

    /// In both orientations, since each has a way of its own to the packed values.
    @Test(.enabled(if: Precision.bfloat16.missing == nil, "the processor has no AVX512_BF16"), arguments: [false, true], [1, 3, 17, 33])
    func `rounding is the twin's, bit by bit`(transposed: Bool, lines: Int) {
        let depth = (Self.values.count + lines - 1) / lines
        let padded = Self.values + [Float](repeating: 0, count: lines * depth - Self.values.count)
        var packed = [UInt16](repeating: 0xFFFF, count: ck_tile_values(lines, depth) + 32)
        packed.withUnsafeMutableBytes { bytes in
            // Tiles begin at multiples of 64 bytes.
            guard let start = bytes.baseAddress?.alignedUp(toMultipleOf: 64) else { return }
            padded.withUnsafeBufferPointer {
                ck_pack_tiles(
                    ck_factor(values: $0.baseAddress, stride: transposed ? depth : lines, transposed: transposed ? 1 : 0), 0, lines, depth, start)
            }
            let packed = start.assumingMemoryBound(to: UInt16.self)
            var wrong: [String] = []
            for line in 0..<lines {
                for k in 0..<depth {
                    // A tile is [16 pairs of steps, 16 lines, 2].
                    let tile = line / 16 * ((depth + 31) / 32) + k / 32
                    let place = tile * 512 + k % 32 / 2 * 32 + line % 16 * 2 + k % 2
                    let value = padded[transposed ? line * depth + k : k * lines + line]
                    if packed[place] != NaiveBFloat16.bits(of: value) { wrong.append(String(value.bitPattern, radix: 16)) }
                }
            }
            #expect(wrong.isEmpty, "\(wrong.count) values, among them \(wrong.prefix(5))")
        }
    }

    @Test func `a machine without the instructions is told what is missing`() {
        #expect(Precision.float32.missing == nil)
        #expect(Precision.float32.missing(from: [.openBLAS]) == nil)
        #expect(Precision.bfloat16.missing(from: [.libxsmm, .openBLAS])?.contains("AVX512_BF16") == true)
        #expect(Precision.bfloat16.missing(from: [.openBLAS, .avx512BF16]) == nil)
    }

    @Test func `the fastest path comes first`() {
        #expect(ProductPath.preferred(for: .float32) == ProductPath.preferred)
        #expect(ProductPath.available.contains(.openBLAS))
        if ProductPath.available.contains(.amx) { #expect(ProductPath.preferred(for: .bfloat16) == .amx) }
    }
}
