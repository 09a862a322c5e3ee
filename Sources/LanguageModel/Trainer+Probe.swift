import Documents

extension Trainer {
    /// Training tokens a second, measured for about `seconds`. The weights change: use a trainer made for the probe.
    public func probe(seconds: Double) throws -> Double {
        struct Enough: Error {}
        let clock = Stopwatch()
        var rate = 0.0
        do {
            while true {
                _ = try trainInterval {
                    rate = Double(state.trainedTokens + state.interval.tokens) / (state.trainingSeconds + state.interval.seconds)
                    if clock.seconds > seconds { throw Enough() }
                }
            }
        } catch is Enough {
            return rate
        }
    }
}
