/// The criterion of NT-ASGD (Algorithm 1): fires when the validation loss is worse than the best of all but the last n.
public struct NonMonotonicTrigger: Equatable, Sendable, Codable {
    /// n, the number of latest judgements that are not looked at.
    public private(set) var interval: Int
    /// Losses so far.
    public private(set) var history: [Double] = []

    public init(interval: Int) { self.interval = interval }

    /// Judges a loss against the earlier ones, then remembers it.
    ///
    /// - Returns: whether there are more than n earlier losses and this one is above the least of them without the last n.
    public mutating func record(_ loss: Double) -> Bool {
        defer { history.append(loss) }
        guard history.count > interval, let best = history.dropLast(interval).min() else { return false }
        return loss > best
    }

    /// The same losses, judged with another n.
    public func with(interval: Int) -> NonMonotonicTrigger {
        var trigger = self
        trigger.interval = interval
        return trigger
    }

    /// Forgets all losses.
    public mutating func reset() { history = [] }
}
