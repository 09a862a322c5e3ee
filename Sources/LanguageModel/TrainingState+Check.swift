import Optimizers

extension TrainingState.Snapshot {
    /// No count of a run comes near it, and sums of such counts do not overflow.
    private static let largestCount = 1 << 56

    /// Why a run with this schedule cannot be where this says; nil where it can. A file that was made up could otherwise end the program,
    /// or have it train for ever.
    ///
    /// - Parameter zero: the recurrent state at the start of a text, whose shape all states have.
    func fault(schedule: TrainingSchedule, zero: ModelState) -> String? {
        let (outcome, interval) = (state.outcome, state.interval)
        let counts =
            [
                ("epochs", outcome.epochs), ("parameters", outcome.parameters), ("tokens", interval.tokens), ("steps", interval.steps),
                ("clipped steps", interval.clippedSteps), ("tokens", state.trainedTokens), ("judgements of the criterion", state.trigger.interval),
            ]
            + [
                ("trigger", outcome.triggerInterval), ("epoch of fine-tuning", outcome.fineTuningEpoch), ("best interval", outcome.bestInterval),
                ("position", state.epoch?.position), ("averaged steps", optimizer.averagedSteps),
            ].compactMap { name, count in count.map { (name, $0) } }
            + state.intervals.flatMap { [("interval", $0.interval), ("epoch", $0.epoch), ("steps", $0.steps)] }
        if let (name, count) = counts.first(where: { $0.1 < 0 || $0.1 > Self.largestCount }) { return "\(count) \(name)" }
        if streams.contains(where: { $0.counter > UInt64(Self.largestCount) }) { return "random numbers beyond their end" }
        let epochs = state.stage == .main ? schedule.epochs : schedule.largestEpochs
        if outcome.epochs > epochs { return "\(outcome.epochs) epochs of \(epochs)" }
        if schedule.loggingInterval > 0, interval.steps > schedule.loggingInterval { return "\(interval.steps) steps of \(schedule.loggingInterval)" }
        let hasShape = state.epoch.map { epoch in
            epoch.recurrent.count == zero.count
                && zip(epoch.recurrent, zero).allSatisfy {
                    $0.hidden.count == $1.hidden.count && $0.cell.count == $1.cell.count && $0.input?.count == $1.input?.count
                }
        }
        return hasShape == false ? "a recurrent state of another shape" : nil
    }
}
