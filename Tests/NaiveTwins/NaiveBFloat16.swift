/// Rounding to bfloat16, by the bits.
public enum NaiveBFloat16 {
    /// The upper half of the float nearest to `value` whose lower half is zero; of two the one whose last bit is 0. What is no number stays
    /// none, and what is below the least normal number becomes a zero of its sign.
    public static func bits(of value: Float) -> UInt16 {
        let bits = value.bitPattern
        let upper = UInt16(bits >> 16)
        if value.isNaN { return upper | 0x40 }
        if value.isSubnormal { return upper & 0x8000 }
        let lower = bits & 0xFFFF
        let isRoundedUp = lower > 0x8000 || (lower == 0x8000 && upper % 2 == 1)
        return isRoundedUp ? upper + 1 : upper
    }

    /// The number that a product takes for `value`.
    public static func rounded(_ value: Double) -> Double { Double(Float(bitPattern: UInt32(bits(of: Float(value))) << 16)) }
}

extension NaiveMatrix {
    /// Every value rounded to bfloat16.
    public var roundedToBFloat16: NaiveMatrix { NaiveMatrix(rows: rows, columns: columns, values: values.map(NaiveBFloat16.rounded)) }
}
