import Documents
import Foundation
import LanguageModel
import Tables

/// A run that another process makes, perhaps on another machine, as its folder shows it.
struct WatchedRun {
    let run: PlannedRun
    /// Whether nothing more will come.
    var hasEnded = false
    private let store: RunStore
    private var hasStarted = false
    private var told: Int
    /// Since when it has been neither under way nor come to a result.
    private var sinceLoss: Stopwatch?

    /// What stands in the folder now is no news.
    init(_ run: PlannedRun, in store: RunStore) {
        self.run = run
        self.store = store
        told = store.intervals(in: store.folder(of: run)).count
    }

    private var folder: URL { store.folder(of: run) }

    /// What has happened since it was last asked.
    ///
    /// - Parameter isRunning: whether its process is known to be there.
    mutating func news(isRunning: Bool) -> [RunEvent] {
        var events: [RunEvent] = []
        // Before the judgements: the last of them are there when the result is.
        let result = try? store.result(in: folder)
        let intervals = store.intervals(in: folder)
        if !hasStarted, isRunning || intervals.count > told || result != nil {
            hasStarted = true
            events.append(.started)
        }
        if told == 0, let last = intervals.last, let origin = (try? Manifest(in: folder))?.origin {
            told = intervals.count
            events.append(.startedFrom(origin.run, epochs: last.epoch))
        }
        for interval in intervals.dropFirst(told) { events.append(.interval(interval)) }
        if intervals.count > told, let last = intervals.last { events.append(.progress(progress(last))) }
        told = max(told, intervals.count)
        if let result {
            hasEnded = true
            events.append(result.status == .failed ? .failed(result.reason) : .finished(result))
        }
        return events
    }

    /// Whether it has been without a process, and without a result, for so many seconds: a shared folder may show a result late.
    mutating func isLost(_ isGone: Bool, patience: Double) -> Bool {
        guard isGone else {
            sinceLoss = nil
            return false
        }
        let clock = sinceLoss ?? Stopwatch()
        sinceLoss = clock
        return clock.seconds >= patience
    }

    private func progress(_ last: IntervalMetrics) -> TrainingProgress {
        TrainingProgress(
            stage: last.stage, epoch: last.epoch, epochs: run.configuration.schedule.largestEpochs, fraction: 1,
            tokensPerSecond: last.tokensPerSecond, trainPerplexity: last.trainPerplexity,
            validationPerplexity: last.validationAveragedPerplexity ?? last.validationRawPerplexity)
    }
}
