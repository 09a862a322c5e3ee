import Documents

/// Something done now and then: when it was done last, and whether it is due again.
struct Pace {
    /// In seconds.
    var interval: Double
    private var sinceLast = Stopwatch()

    init(interval: Double) { self.interval = interval }

    /// Whether the interval is over; asking starts the next one then.
    mutating func isDue() -> Bool {
        guard sinceLast.seconds > interval else { return false }
        restart()
        return true
    }

    /// Starts an interval now.
    mutating func restart() { sinceLast = Stopwatch() }
}
