import Documents
import Foundation
import LanguageModel
import Tables

/// Shows how far the runs are.
public struct ProgressDisplay {
    /// What is shown.
    public enum Style: Sendable {
        /// A line an epoch or interval, after each judgement.
        case lines
        /// A line that is drawn over with escape sequences.
        case drawnOver
        /// Nothing but runs that came to no result.
        case failures
    }

    private let total: Int
    private let style: Style
    private let width: () -> Int?
    private let write: (String) -> Void
    private let clock = Stopwatch()
    /// Expected seconds of each run, by name.
    private let expected: [String: Double]
    /// Expected seconds of all runs together, as they start one after the other.
    private let makespan: Double
    /// What tells a run from the others of the plan, by name.
    private let labels: [String: String]
    private var running: [(name: String, progress: TrainingProgress?)] = []
    /// Epochs of each run that need not be trained now: before its checkpoint, or by the run that it starts from.
    private var epochsBefore: [String: Int]
    private var done: [String] = []

    /// - Parameters:
    ///   - seconds: the time expected for each pending run.
    ///   - width: number of columns of the terminal, asked anew for each line; nil when the text goes to a file.
    ///   - write: receives text for standard error.
    public init(
        plan: RunPlan, seconds: [Double], style: Style, width: @escaping @autoclosure () -> Int?, write: @escaping (String) -> Void
    ) {
        total = plan.pending.count
        labels = Dictionary(zip(plan.pending.map(\.name), Self.labels(of: plan.pending)), uniquingKeysWith: { first, _ in first })
        epochsBefore = plan.epochsDone
        expected = Dictionary(zip(plan.pending.map(\.name), seconds), uniquingKeysWith: { first, _ in first })
        makespan = RunCost.makespan(seconds, jobs: plan.jobs)
        self.style = style
        self.width = width
        self.write = write
    }

    /// Takes in what happens to a run, and writes what is to be said of it.
    public mutating func show(_ run: PlannedRun, _ event: RunEvent) {
        switch event {
        case .started:
            running.append((run.name, nil))
        case .startedFrom(let origin, let epochs):
            epochsBefore[run.name] = epochs
            let isByEpoch = run.configuration.schedule.loggingInterval == 0
            if style == .lines { line("\(run.name): starts from \(origin) \(isByEpoch ? "after" : "in") epoch \(epochs)") }
        case .progress(let progress):
            if let index = running.firstIndex(where: { $0.name == run.name }) { running[index].progress = progress }
        case .interval(let interval):
            let isByEpoch = run.configuration.schedule.loggingInterval == 0
            if style == .lines { line("\(run.name): \(isByEpoch ? "" : "interval \(interval.interval), ")\(Self.text(interval)), \(left)") }
        case .finished(let result):
            end(run)
            if style != .failures { line("\(run.name): \(Self.text(result)), \(left)") }
        case .forked: break
        case .warning(let text): line("\(run.name): \(text)")
        case .interrupted(let reason):
            end(run)
            line("\(run.name): interrupted, \(reason); the same command goes on with it")
        case .failed(let reason):
            end(run)
            line("\(run.name): failed, \(reason)")
        }
        if style == .drawnOver {
            clear()
            // In the last column a terminal may go on to the next line.
            write(progressLine.text(width: (width() ?? 80) - 1))
        }
    }

    /// Removes the line that is drawn over.
    public func clear() {
        if style == .drawnOver { write("\r\u{1B}[K") }
    }

    private mutating func end(_ run: PlannedRun) {
        running.removeAll { $0.name == run.name }
        done.append(run.name)
    }

    private func line(_ text: String) {
        clear()
        write(AlignedText.wrapped(text, width: width()) + "\n")
    }

    private var progressLine: ProgressLine {
        ProgressLine(
            done: done.count, total: total, part: finishedPart, timeLeft: RunPlan.text(seconds: secondsLeft),
            runs: running.map { ProgressLine.Run(name: $0.name, label: labels[$0.name] ?? $0.name, progress: $0.progress) })
    }

    private var left: String { progressLine.left }

    private var secondsLeft: Double {
        let part = finishedPart
        let elapsed = clock.seconds
        // The first moments say little of the speed: until then the probe's word stands.
        return part > 0.02 && elapsed > 5 ? elapsed * (1 - part) / part : max(0, makespan - elapsed)
    }

    /// The part of all the work that is done, in expected seconds.
    private var finishedPart: Double {
        let whole = expected.values.reduce(0, +)
        guard whole > 0 else { return 0 }
        let ended = done.reduce(0) { $0 + (expected[$1] ?? 0) }
        let underWay = running.reduce(0) { sum, run in
            guard let progress = run.progress, progress.epochs > 0 else { return sum }
            let before = min(epochsBefore[run.name] ?? 0, progress.epochs - 1)
            let trained = max(0, Double(progress.epoch - 1 - before) + progress.fraction)
            return sum + (expected[run.name] ?? 0) * trained / Double(progress.epochs - before)
        }
        return min(1, (ended + underWay) / whole)
    }

    /// The names without the cell and the seed where these are the same in all.
    private static func labels(of runs: [PlannedRun]) -> [String] {
        let cells = Set(runs.map(\.configuration.cell)).count
        let seeds = Set(runs.map(\.configuration.seed)).count
        return runs.map { run in
            (cells > 1 ? "\(run.configuration.cell.rawValue)-" : "") + run.row.name
                + (seeds > 1 ? "-seed\(run.configuration.seed)" : "")
        }
    }

    private static func text(_ result: RunResult) -> String {
        guard result.status == .ok else { return "\(result.status.rawValue) in epoch \(result.epochs)" }
        return "done, validation \(result.validationPerplexity.text(1)), test \(result.testPerplexity.text(1))"
    }

    private static func text(_ interval: IntervalMetrics) -> String {
        let raw = interval.validationRawPerplexity.map { ", validation \($0.text(1))" } ?? ""
        let averaged = interval.validationAveragedPerplexity.map { ", averaged \($0.text(1))" } ?? ""
        return "epoch \(interval.epoch) (\(interval.stage.rawValue)), \(interval.tokensPerSecond.text(0)) tokens/s, train "
            + "\(interval.trainPerplexity.text(1))\(raw)\(averaged)"
    }
}
