/// Time that has passed. It goes on while the system's clock is set forward or back, and while the machine sleeps.
public struct Stopwatch: Sendable {
    private let begin = ContinuousClock.now
    private let earlier: Double

    /// - Parameter earlier: seconds that count as passed already.
    public init(after earlier: Double = 0) { self.earlier = earlier }

    /// Since it was made.
    public var seconds: Double { earlier + (ContinuousClock.now - begin) / .seconds(1) }
}
