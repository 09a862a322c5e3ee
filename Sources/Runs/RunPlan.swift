import Corpus
import Documents
import Foundation
import LanguageModel
import Recurrent
import Tables

/// The runs of a table: those that are there already and those that are to be made, and what these cost.
public struct RunPlan: Sendable {
    /// All runs of the table, finished or not.
    let runs: [PlannedRun]
    /// How far each of the ``runs`` is.
    let states: [RunState]
    /// Those to be made or to be ended, in the order in which they start: that of the table or, where some run side by side, first the full
    /// models, with which all others are compared, and then the longest, lest one of them begins last and ends alone.
    public let pending: [PlannedRun]
    /// Number of runs side by side.
    public let jobs: Int
    /// Which of the pending runs start from another's state.
    public let shared: SharedSteps
    /// The memory that each of the runs needs, by name.
    public let memoryNeeds: [String: MemoryNeed]
    private let isRetryingFailed: Bool
    private let costs: [RunCost]
    /// The least part of all floating-point operations that is saved because steps are shared, and the most.
    private let savings: (least: Double, most: Double)
    /// Of each run; a sweep may vary the part of the text.
    let corpora: [Corpus]

    /// - Parameters:
    ///   - retryingFailed: whether runs that failed are tried again.
    ///   - sharing: whether steps that are the same in several runs are trained once.
    ///   - settled: which runs start from which, where that was settled earlier, for more runs than these.
    /// - Throws: ``InputError`` when the store holds other runs under the same names; `InputError` when a text cannot be
    ///   loaded or a split has too few tokens.
    public init(
        _ runs: [PlannedRun], library: DatasetLibrary, store: RunStore, jobs: Int, retryingFailed: Bool = false, sharing: Bool = true,
        settled: SharedSteps? = nil
    ) throws {
        var loaded: [Int: Corpus] = [:]
        let corpora = try runs.map { run in
            let (configuration, tokens) = (run.configuration, run.configuration.trainingTokens)
            let corpus = try loaded[tokens] ?? library.load(Dataset(argument: configuration.dataset), trainingTokens: tokens)
            loaded[tokens] = corpus
            try configuration.schedule.streams(of: corpus)
            return corpus
        }
        self.runs = runs
        self.corpora = corpora
        memoryNeeds = Dictionary(
            zip(runs, corpora).map { run, corpus in
                let configuration = run.configuration
                return (run.name, MemoryNeed(configuration.model, schedule: configuration.schedule, corpus: corpus, threads: configuration.threads))
            }, uniquingKeysWith: { first, _ in first })
        self.jobs = jobs
        isRetryingFailed = retryingFailed
        states = try zip(runs, corpora).map { try store.state(of: $0, corpus: $1) }
        let isPending = states.map { $0.isPending(retryingFailed: retryingFailed) }
        let states = states
        let shared = settled ?? (!sharing ? .none
            : SharedSteps(runs.indices.map { store.candidate(runs[$0], state: states[$0], isPending: isPending[$0]) }))
        self.shared = shared
        func costs(sharing epochs: (ClosedRange<Int>) -> Int) -> [(run: PlannedRun, cost: RunCost)] {
            runs.indices.filter { isPending[$0] }.map {
                let done = max(states[$0].epochs, epochs(shared.epochs(of: runs[$0])))
                return (runs[$0], RunCost(runs[$0].configuration, corpus: corpora[$0], epochsDone: done))
            }
        }
        func total(_ costs: [(run: PlannedRun, cost: RunCost)]) -> Double { costs.reduce(0) { $0 + $1.cost.floatingPointOperations } }
        let tableOrder = costs { $0.lowerBound }
        func key(_ place: Int) -> (Int, Double, Int) {
            (tableOrder[place].run.row == .full ? 0 : 1, -tableOrder[place].cost.floatingPointOperations, place)
        }
        let startOrder = jobs == 1 ? tableOrder : tableOrder.indices.sorted { key($0) < key($1) }.map { tableOrder[$0] }
        pending = startOrder.map(\.run)
        self.costs = startOrder.map(\.cost)
        let whole = max(total(costs { _ in 0 }), 1)
        savings = (1 - total(tableOrder) / whole, 1 - total(costs { $0.upperBound }) / whole)
    }

    /// What becomes of the runs, in words: how many are made, go on, are there already, or failed.
    public var summary: String {
        func count(_ isCounted: (RunState) -> Bool) -> Int { states.filter(isCounted).count }
        let failed = count { $0 == .failed }
        let parts = [
            (count { $0 == .new }, "to be made"),
            (count { if case .unfinished = $0 { true } else { false } }, "to go on from a checkpoint"),
            (isRetryingFailed ? failed : 0, "that failed to be tried again"),
            (count { $0 == .finished }, "there already"),
            (isRetryingFailed ? 0 : failed, "that failed before (--retry-failed tries again)"),
        ]
        return "\(runs.count.counted("run")): " + parts.filter { $0.0 > 0 }.map { "\($0) \($1)" }.joined(separator: ", ")
    }

    /// How many runs failed before and are left as they are.
    public var failuresLeft: Int { isRetryingFailed ? 0 : states.filter { $0 == .failed }.count }

    /// The result of a run of this plan that gave none itself.
    ///
    /// - Parameter reason: why, in a few words.
    public func failure(of run: PlannedRun, reason: String) -> RunResult? {
        runs.firstIndex(of: run).map { index in
            var result = RunResult(of: run, corpus: corpora[index])
            result.reason = reason
            return result
        }
    }

    /// The starts from runs that are not made now: their state is there or will not come.
    var settledStarts: [SharedSteps.Start] {
        let names = Set(pending.map(\.name))
        return shared.starts.values.filter { !names.contains($0.origin) }
    }

    /// Whether a result stands in a row of this plan, whatever its seed.
    public func includes(_ result: RunResult) -> Bool {
        runs.contains { run in
            let configuration = run.configuration
            return (configuration.datasetName, configuration.profile, configuration.cell, run.row)
                == (result.dataset, result.profile, result.cell, result.row)
        }
    }

    /// Epochs of each of the ``runs`` before its checkpoint, by name.
    var epochsDone: [String: Int] { Dictionary(zip(runs.map(\.name), states.map(\.epochs)), uniquingKeysWith: { first, _ in first }) }

    /// Of all pending runs.
    var trainingTokens: Double { costs.reduce(0) { $0 + $1.trainingTokens } }
    /// Of all pending runs, training and evaluation together.
    var floatingPointOperations: Double { costs.reduce(0) { $0 + $1.floatingPointOperations } }

    /// The pending run of each cell that stands for the cell in a probe.
    public var probes: [PlannedRun] {
        CellKind.allCases.compactMap { cell in pending.first { $0.configuration.cell == cell } }
    }

    /// For how long each of the ``probes`` is measured, in seconds: a hundredth of what the pending runs would take at 10 GFLOP/s, from
    /// a tenth to one.
    public var probeSeconds: Double { min(1, max(0.1, floatingPointOperations / (1e12 * Double(jobs)))) }

    /// The time each pending run takes, in seconds, given the training tokens a second of each of the ``probes``.
    public func seconds(rates: [Double]) -> [Double] {
        let speeds = Dictionary(
            zip(probes, rates).compactMap { probe, rate in
                pending.firstIndex(of: probe).map { (probe.configuration.cell, rate * costs[$0].floatingPointOperationsPerToken) }
            }, uniquingKeysWith: { first, _ in first })
        return zip(pending, costs).map { run, cost in
            cost.floatingPointOperations / max(speeds[run.configuration.cell] ?? 1, 1)
        }
    }

    /// The memory of the pending runs side by side, beside what there is.
    public func memory() -> MemoryPlan { memory(available: AvailableMemory()) }

    func memory(available: AvailableMemory) -> MemoryPlan {
        MemoryPlan(needs: pending.compactMap { memoryNeeds[$0.name] }, jobs: jobs, available: available)
    }

    /// The plan in words, one run a line.
    ///
    /// - Parameters:
    ///   - seconds: of each pending run; nil where the time cannot be told.
    ///   - memory: of the machine that makes the runs; nil where that is another.
    ///   - width: number of columns of the terminal; nil for no bound.
    public func text(seconds: [Double]?, memory: MemoryPlan?, width: Int? = nil) -> String {
        let times = Dictionary(uniqueKeysWithValues: zip(pending.map(\.name), seconds ?? []))
        let lines = zip(runs, states).map { run, state in
            [
                run.name, times[run.name].map { "at most " + Self.text(seconds: $0) } ?? "", memoryNeeds[run.name]?.resident.bytesText ?? "",
                shared.starts[run.name].map { "starts \($0.text)" } ?? state.text,
            ]
        }
        let model = runs.first.map { "\($0.configuration.datasetName), \($0.configuration.profile)" } ?? ""
        let table = AlignedText.table(
            [["run", "time", "memory", "state"]] + lines, leftAligned: [0, 1, 3], wrapping: [1, 3], width: width)
        let costs = [
            ("training tokens", Self.text(count: trainingTokens)),
            ("floating-point operations", Self.text(count: floatingPointOperations)),
            ("time", seconds.map { "at most about \(Self.text(seconds: RunCost.makespan($0, jobs: jobs)))" }),
            ("memory", memory?.text),
            ("shared steps", savingsText),
        ].map { name, text in text.map { name.padding(toLength: 27, withPad: " ", startingAt: 0) + $0 + "\n" } ?? "" }.joined()
        let sideBySide = jobs == .max ? "" : "; \(jobs) side by side"
        return AlignedText.wrapped("\(model): \(summary)\(sideBySide)\n", width: width) + table + "\n"
            + AlignedText.wrapped(costs, width: width)
    }

    private var savingsText: String {
        guard !shared.starts.isEmpty else { return "none" }
        let percents = [savings.least, savings.most].map { Int(100 * $0) }
        let saved = percents[0] == percents[1] ? "\(percents[0])" : "\(percents[0]) to \(percents[1])"
        return "\(shared.starts.count) of \(pending.count) runs start from another, which saves \(saved) % of the operations"
    }

    /// A time in words.
    public static func text(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e8 else { return "a long time" }
        let whole = Int(seconds.rounded(.up))
        return switch whole {
        case ..<90: "\(whole) s"
        case ..<5400: "\((whole + 30) / 60) min"
        case ..<172_800: "\(whole / 3600) h \(whole % 3600 / 60) min"
        default: "\(whole / 86400) days \(whole % 86400 / 3600) h"
        }
    }

    private static func text(count: Double) -> String {
        count < 1e6 ? String(Int(count)) : String(format: "%.3g", count)
    }
}
