import Documents
import Foundation
import LanguageModel
import Tables

/// Shows how far the runs are: on a terminal a line that is drawn over, elsewhere a line an epoch.
public struct ProgressDisplay {
    private static let barWidth = 20
    private let total: Int
    private let terminalWidth: Int?
    private let write: (String) -> Void
    private let start = Date()
    /// Expected seconds of each run, by name.
    private let expected: [String: Double]
    private let jobs: Int
    private var running: [(name: String, progress: TrainingProgress?)] = []
    private var done: [String] = []

    /// - Parameters:
    ///   - seconds: the time expected for each pending run.
    ///   - terminalWidth: columns of the terminal; nil when the text goes to a file.
    ///   - write: receives text for standard error.
    public init(plan: RunPlan, seconds: [Double], terminalWidth: Int?, write: @escaping (String) -> Void) {
        total = plan.pending.count
        jobs = plan.jobs
        expected = Dictionary(zip(plan.pending.map(\.name), seconds), uniquingKeysWith: { first, _ in first })
        self.terminalWidth = terminalWidth
        self.write = write
    }

    public mutating func show(_ run: PlannedRun, _ event: RunLauncher.Event) {
        switch event {
        case .started:
            running.append((run.name, nil))
        case .progress(let progress):
            if let index = running.firstIndex(where: { $0.name == run.name }) { running[index].progress = progress }
        case .epoch(let epoch):
            if terminalWidth == nil { line("\(run.name): \(Self.text(epoch)), \(left)") }
        case .finished(let result):
            end(run)
            line("\(run.name): \(Self.text(result)), \(left)")
        case .interrupted(let reason):
            end(run)
            line("\(run.name): interrupted, \(reason); the same command goes on with it")
        case .failed(let reason):
            end(run)
            line("\(run.name): failed, \(reason)")
        }
        if let terminalWidth { draw(width: terminalWidth) }
    }

    /// Removes the line that is drawn over.
    public func clear() {
        if terminalWidth != nil { write("\r\u{1B}[K") }
    }

    private mutating func end(_ run: PlannedRun) {
        running.removeAll { $0.name == run.name }
        done.append(run.name)
    }

    private func line(_ text: String) {
        clear()
        write(text + "\n")
    }

    private func draw(width: Int) {
        let runs = running.map { name, progress in
            guard let progress else { return "\(name) starting" }
            let perplexity = progress.validationPerplexity ?? progress.trainPerplexity
            return "\(name) \(progress.epoch)/\(progress.epochs) \(Int(progress.tokensPerSecond)) tokens/s ppl \(perplexity.text(1))"
        }
        let bar = (0..<Self.barWidth).map { Double($0) < finishedPart * Double(Self.barWidth) ? "#" : "." }.joined()
        clear()
        write(String("[\(bar)] \(([left] + runs).joined(separator: " | "))".prefix(width - 1)))
    }

    private var left: String {
        let (done, part) = (done.count, finishedPart)
        let elapsed = Date().timeIntervalSince(start)
        // The first moments say little of the speed: until then the probe's word stands.
        let rest = part > 0.02 && elapsed > 5 ? elapsed * (1 - part) / part : max(0, makespan - elapsed)
        return "\(done) of \(total) runs done, \(RunPlan.text(seconds: rest)) left"
    }

    private var makespan: Double { RunCost.makespan(Array(expected.values), jobs: jobs) }

    /// The part of all the work that is done, in expected seconds.
    private var finishedPart: Double {
        let whole = expected.values.reduce(0, +)
        guard whole > 0 else { return 0 }
        let ended = done.reduce(0) { $0 + (expected[$1] ?? 0) }
        let underWay = running.reduce(0) { sum, run in
            guard let progress = run.progress, progress.epochs > 0 else { return sum }
            return sum + (expected[run.name] ?? 0) * (Double(progress.epoch - 1) + progress.fraction) / Double(progress.epochs)
        }
        return min(1, (ended + underWay) / whole)
    }

    private static func text(_ result: RunResult) -> String {
        guard result.status == .ok else { return "\(result.status.rawValue) in epoch \(result.epochs)" }
        return "done, validation \(result.validationPerplexity.text(1)), test \(result.testPerplexity.text(1))"
    }

    private static func text(_ epoch: EpochMetrics) -> String {
        let averaged = epoch.validationAveragedPerplexity.map { ", averaged \($0.text(1))" } ?? ""
        return "epoch \(epoch.epoch) (\(epoch.stage.rawValue)), \(Int(epoch.tokensPerSecond)) tokens/s, train "
            + "\(epoch.trainPerplexity.text(1)), validation \(epoch.validationRawPerplexity.text(1))\(averaged)"
    }
}
