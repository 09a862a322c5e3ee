/// A small generator for test inputs (SplitMix64), independent of the one under test.
public struct NaiveRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in ±scale, rounded to a float so that both precisions start from the same number.
    public mutating func values(_ count: Int, scale: Double) -> [Double] {
        (0..<count).map { _ in Double(Float(Double.random(in: -scale...scale, using: &self))) }
    }

    public mutating func matrix(rows: Int, columns: Int, scale: Double) -> NaiveMatrix {
        NaiveMatrix(rows: rows, columns: columns, values: values(rows * columns, scale: scale))
    }

    public mutating func tokens(_ count: Int, vocabularySize: Int) -> [Int] {
        (0..<count).map { _ in Int.random(in: 0..<vocabularySize, using: &self) }
    }

    /// Factors of a dropout mask: 0 with probability p, else 1/(1 − p); at least one of each when there is room.
    public mutating func mask(rows: Int, columns: Int, probability: Double) -> NaiveMatrix {
        var mask = NaiveMatrix(rows: rows, columns: columns)
        for index in mask.values.indices {
            mask.values[index] = Double.random(in: 0..<1, using: &self) < probability ? 0 : 1 / (1 - probability)
        }
        if mask.values.count > 1 {
            let dropped = Int.random(in: 0..<mask.values.count, using: &self)
            mask.values[dropped] = 0
            mask.values[(dropped + 1) % mask.values.count] = 1 / (1 - probability)
        }
        return mask
    }
}
