/// What the factors of matrix products are rounded to. Sums, and everything outside of matrix products, are float32 always.
public enum Precision: String, CaseIterable, Sendable, Codable {
    /// Factors are taken as they are.
    case float32
    /// The upper half of a float32: its exponent and seven bits of its fraction, to nearest, ties to even. Values below the least normal one
    /// count as zero, in factors and in sums, as the processors' instructions have it.
    case bfloat16

    /// What this machine has not that products of this precision need, as a sentence can go on after "precision bfloat16: "; nil where all
    /// is there.
    public var missing: String? { missing(from: ProductPath.available) }

    /// The same for a machine that has other paths.
    package func missing(from paths: [ProductPath]) -> String? {
        guard !paths.contains(where: { $0.precision == self }) else { return nil }
        return "the processor must have AVX512_BF16 (AMD since Zen 4, Intel's Cooper Lake and since Sapphire Rapids), and this one has not; float32 is for every processor"
    }
}
