import Documents
import LanguageModel

/// One line that says how far the runs are, whole on a terminal of any width.
struct ProgressLine {
    /// A run under way.
    struct Run {
        let name: String
        /// What tells it from the others, which may be shorter.
        let label: String
        /// Nil before the first message.
        let progress: TrainingProgress?
    }

    private static let barWidth = 20
    let done: Int
    let total: Int
    /// Of all the work, from 0 to 1.
    let part: Double
    let timeLeft: String
    let runs: [Run]

    /// How many runs are done, and the time that the others take.
    var left: String { "\(done) of \(total) runs done, \(timeLeft) left" }

    /// The most that fits: first how many runs are done, then the time left, then the runs with their epochs, their
    /// perplexity, their speed, and a bar.
    func text(width: Int) -> String {
        let short = ["\(done)/\(total) done, \(timeLeft) left", "\(done)/\(total), \(timeLeft) left", "\(done)/\(total) done", "\(done)/\(total)"]
        let detailed = runs.map(detailed)
        let full = [["\(bar) \(left)"] + detailed, [left] + detailed, [short[0]] + detailed]
        let fewer = [runs.map { brief($0.name, $0, hasPerplexity: true) }, runs.map { brief($0.label, $0, hasPerplexity: true) }, epochs]
        let lines = (full + fewer.map { [short[0]] + $0 }).map(Self.joined)
        return lines.first { $0.count <= width } ?? withRunsThatFit(short.first { $0.count <= width } ?? "", width: width)
    }

    /// Some of the runs, and without any of them what else there is room for.
    private func withRunsThatFit(_ head: String, width: Int) -> String {
        var parts = [head]
        for run in epochs where Self.joined(parts + [run]).count <= width { parts.append(run) }
        let isAlone = parts.count == 1 && left.count <= width
        return isAlone ? left : Self.joined(parts)
    }

    private var epochs: [String] { runs.map { brief($0.label, $0, hasPerplexity: false) } }

    private var bar: String {
        "[" + (0..<Self.barWidth).map { Double($0) < part * Double(Self.barWidth) ? "#" : "." }.joined() + "]"
    }

    private func detailed(_ run: Run) -> String {
        guard let progress = run.progress else { return "\(run.name) starting" }
        return "\(run.name) \(progress.epoch)/\(progress.epochs) \(progress.tokensPerSecond.text(0)) tokens/s ppl \(perplexity(progress))"
    }

    private func brief(_ name: String, _ run: Run, hasPerplexity: Bool) -> String {
        guard let progress = run.progress else { return "\(name) starting" }
        return "\(name) \(progress.epoch)/\(progress.epochs)" + (hasPerplexity ? " ppl \(perplexity(progress))" : "")
    }

    private func perplexity(_ progress: TrainingProgress) -> String {
        (progress.validationPerplexity ?? progress.trainPerplexity).text(1)
    }

    private static func joined(_ parts: [String]) -> String { parts.joined(separator: " | ") }
}
