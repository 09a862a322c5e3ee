import Documents
import Foundation

extension TrainingMoment {
    /// The moment of a fork, from the name of its file; nil where it is none.
    public init?(forkFile: URL) {
        let name = forkFile.deletingPathExtension().lastPathComponent
        guard forkFile.lastPathComponent == "\(name).safetensors", name.hasPrefix("fork-") else { return nil }
        self.init(name: String(name.dropFirst(5)))
    }
}

/// Forks: what a run leaves for others that have gone the same way so far, so that they need not train the same steps again.
extension Trainer {
    /// The file in a run's folder in which others find its state at a moment.
    public static func forkName(_ moment: TrainingMoment) -> String { "fork-\(moment.name).safetensors" }

    /// Steps of the optimizer since the run began.
    public var steps: Int { (state.intervals.last?.steps ?? 0) + state.interval.steps }

    /// Whether a moment has gone by, so that there will be no fork of it that is not there already.
    public func hasPassed(_ moment: TrainingMoment) -> Bool {
        if moment.isCriterion, state.stage != .main || state.outcome.triggerInterval != nil { return true }
        guard let epoch = moment.epoch, state.outcome.epochs == epoch, isEpochOver else {
            return moment.epoch.map { state.outcome.epochs > $0 } ?? false
        }
        return state.interval.steps == 0 && !(moment.isJudged && state.judgedLoss != nil)
    }

    /// Goes on from where another run was at a moment up to which both go the same way, as if this run had come there itself.
    ///
    /// - Throws: as ``resume(from:)`` does; an error of the file system when the run's folder cannot be written.
    public func start(from fork: URL) throws {
        try resume(from: fork)
        state.trigger = state.trigger.with(interval: schedule.nonMonotonicInterval)
        clock = Stopwatch()
        try save()
    }

    /// Writes the forks whose moment is this one, with an unjudged interval.
    func forkBeforeJudgement() {
        guard isEpochOver, state.interval.steps > 0 else { return }
        fork { !$0.isJudged && $0.epoch == state.outcome.epochs }
    }

    /// Writes the forks whose moment is this one, at which the weights are judged and nothing has followed.
    func forkAfterJudgement(_ loss: Double) {
        state.judgedLoss = loss
        defer { state.judgedLoss = nil }
        var trigger = state.trigger
        let fires = state.stage == .main && state.outcome.triggerInterval == nil && trigger.record(loss)
        fork { ($0.isCriterion && fires) || ($0.isJudged && isEpochOver && $0.epoch == state.outcome.epochs) }
    }

    /// Writes the forks whose moment has not come before the end of training.
    func forkAtEnd() { fork { _ in true } }

    /// A fork that cannot be written is no harm to this run.
    private func fork(_ isNow: (TrainingMoment) -> Bool) {
        let due = forks.filter(isNow)
        forks.removeAll(where: isNow)
        guard let directory else { return }
        for moment in due {
            let file = directory.appendingPathComponent(Self.forkName(moment))
            countTime()
            try? writeState(to: file)
            onFork(moment)
        }
    }
}
