import Kernels

/// Windows of random length (§4.1), so that no word always stands at a window's edge.
///
/// With probability 0.95 the length is drawn around the base, else around half of it, with a standard deviation of 5 and
/// never below 5. The learning rate of a step is scaled by the drawn length over the base.
public struct VariableLengthBPTT {
    /// Whether lengths are drawn; otherwise every window has the base length.
    public let isOn: Bool
    /// The window length that learning rates refer to.
    public let baseLength: Int
    public var stream: RandomStream

    private static let deviation = 5.0
    private static let shortest = 5
    /// The probability of a length around the base.
    private static let wholeLengths = 0.95
    /// The longest window that can come: eight standard deviations above the base, which a draw does not reach in practice.
    public var maximumLength: Int { isOn ? max(baseLength, Self.shortest) + 40 : baseLength }

    /// The lengths that come in practice, up to five standard deviations above the base: one draw in three million goes beyond them.
    public var lengthsInPractice: ClosedRange<Int> { isOn ? Self.shortest...(max(baseLength, Self.shortest) + 25) : baseLength...baseLength }

    public init(isOn: Bool, baseLength: Int, stream: RandomStream) {
        self.isOn = isOn
        self.baseLength = baseLength
        self.stream = stream
    }

    /// About the mean of the lengths drawn.
    public static func meanLength(isOn: Bool, baseLength: Int) -> Double {
        Double(baseLength) * (isOn ? (1 + wholeLengths) / 2 : 1)
    }

    /// The length of the next window and the factor of its learning rate.
    public mutating func draw() -> (length: Int, learningRateScale: Float) {
        guard isOn else { return (baseLength, 1) }
        let mean = stream.uniform() < Self.wholeLengths ? Double(baseLength) : Double(baseLength) / 2
        let length = min(max(Self.shortest, Int(mean + Self.deviation * stream.normal())), maximumLength)
        return (length, Float(length) / Float(baseLength))
    }
}
