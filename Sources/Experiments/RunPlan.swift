import Corpus
import Foundation
import LanguageModel
import Recurrent

/// The runs of a table: those that are there already and those that are to be made, and what these cost.
public struct RunPlan: Sendable {
    public let runs: [PlannedRun]
    /// Not there yet, in the order in which they start.
    public let pending: [PlannedRun]
    public let jobs: Int
    private let costs: [RunCost]
    /// Of each run; a sweep may vary the part of the text.
    private let corpora: [Corpus]

    /// - Throws: ``ExperimentError`` when the store holds other runs under the same names; `CorpusError` when a text cannot be
    ///   loaded or a split has too few tokens.
    public init(_ runs: [PlannedRun], library: DatasetLibrary, store: RunStore, jobs: Int) throws {
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
        self.jobs = jobs
        let missing = try zip(runs, corpora).filter { try store.finished($0.0) == nil }
        pending = missing.map(\.0)
        costs = missing.map { RunCost($0.configuration, corpus: $1) }
    }

    /// The result of a run of this plan that gave none itself.
    public func failure(of run: PlannedRun) -> RunResult? {
        runs.firstIndex(of: run).map { RunResult(of: run, corpus: corpora[$0]) }
    }

    /// Whether a result stands in a row of this plan, whatever its seed.
    public func includes(_ result: RunResult) -> Bool {
        runs.contains { run in
            let configuration = run.configuration
            return (configuration.datasetName, configuration.profile, configuration.cell, run.row)
                == (result.dataset, result.profile, result.cell, result.row)
        }
    }

    public var trainingTokens: Double { costs.reduce(0) { $0 + $1.trainingTokens } }
    public var floatingPointOperations: Double { costs.reduce(0) { $0 + $1.floatingPointOperations } }

    /// The pending run of each cell that stands for the cell in a probe.
    public var probes: [PlannedRun] {
        CellKind.allCases.compactMap { cell in pending.first { $0.configuration.cell == cell } }
    }

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

    /// The plan in words, one run a line.
    public func text(seconds: [Double]) -> String {
        let times = Dictionary(uniqueKeysWithValues: zip(pending.map(\.name), seconds))
        let lines = runs.map { run in [run.name, times[run.name].map { "at most " + Self.text(seconds: $0) } ?? "there already"] }
        let model = runs.first.map { "\($0.configuration.datasetName), \($0.configuration.profile)" } ?? ""
        return """
            \(model): \(runs.count) runs, \(pending.count) to be made, \(jobs) side by side
            \(AlignedText.table([["run", "time"]] + lines, leftAligned: [0, 1]))
            training tokens            \(Self.text(count: trainingTokens))
            floating-point operations  \(Self.text(count: floatingPointOperations))
            time                       at most about \(Self.text(seconds: RunCost.makespan(seconds, jobs: jobs)))

            """
    }

    /// A time in words.
    public static func text(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "a long time" }
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
