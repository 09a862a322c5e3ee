import Documents
import Foundation

/// Which way of using the cores trains most tokens: many runs of one thread, or fewer runs of several.
public struct ThreadingAdvice: Sendable {
    /// One way.
    struct Choice: Equatable, Sendable {
        /// Runs side by side.
        let jobs: Int
        /// Of each run.
        let threads: Int
        /// Of all runs together.
        let tokensPerSecond: Double

        init(jobs: Int, threads: Int, tokensPerSecond: Double) {
            self.jobs = jobs
            self.threads = threads
            self.tokensPerSecond = tokensPerSecond
        }
    }

    /// In the order in which they were measured.
    let choices: [Choice]

    init(choices: [Choice]) { self.choices = choices }

    /// Measures every way to share `cores` evenly, with runs like `run`.
    ///
    /// - Parameters:
    ///   - cores: those that this process may use; see ``AvailableCores``.
    ///   - largestJobs: the number of runs side by side that there is memory for; ways with more are left out.
    /// - Throws: ``InputError`` when a probe fails.
    public static func measure(
        _ run: PlannedRun, cores: Int, largestJobs: Int = .max, dataArguments: [String], seconds: Double, stop: StopRequest
    ) async throws -> ThreadingAdvice {
        var choices: [Choice] = []
        for threads in (1...max(1, cores)).filter({ cores % $0 == 0 && cores / $0 <= largestJobs }) {
            var configuration = run.configuration
            configuration.threads = threads
            let launcher = try LocalLauncher(dataArguments: dataArguments, jobs: cores / threads, stop: stop)
            let rates = try await launcher.probe([PlannedRun(row: .full, full: configuration)], seconds: seconds)
            choices.append(Choice(jobs: cores / threads, threads: threads, tokensPerSecond: (rates.first ?? 0) * Double(cores / threads)))
        }
        return ThreadingAdvice(choices: choices)
    }

    /// The choices and the best of them. It is advice: a run keeps the threads of its configuration.
    ///
    /// - Parameter width: number of columns of the terminal; nil for no bound.
    public func text(width: Int? = nil) -> String {
        let lines = choices.map { ["--jobs \($0.jobs) --set threads=\($0.threads)", $0.tokensPerSecond.text(0)] }
        let table = AlignedText.table([["jobs and threads", "tokens/s together"]] + lines, leftAligned: [0], wrapping: [0, 1], width: width)
        guard let best = choices.max(by: { $0.tokensPerSecond < $1.tokensPerSecond }) else { return table }
        return table + AlignedText.wrapped("recommended: --jobs \(best.jobs) --set threads=\(best.threads)\n", width: width)
    }
}
