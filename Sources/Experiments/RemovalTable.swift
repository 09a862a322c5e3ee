import Recurrent

/// The rows of the removal table, each beside the full model and the paper.
public struct RemovalTable: Sendable {
    /// One row for one cell, over its seeds.
    public struct Line: Equatable, Sendable {
        public let dataset: String
        public let profile: String
        public let cell: CellKind
        public let row: Row
        /// Number of seeds that gave perplexities, over which they are averaged.
        public let n: Int
        public let validationPerplexity: Double?
        public let testPerplexity: Double?
        public let difference: Difference
        public let published: PublishedTable.Figures?
        /// The paper's difference to its full model.
        public let publishedDifference: Double?
        /// What is to be known of the runs: diverged, failed, a stage that never came.
        public let notes: [String]
    }

    /// A row less the full model of the same seed, averaged over the seeds.
    public enum Difference: Equatable, Sendable {
        case value(validation: Double, test: Double, n: Int)
        /// What the row removes never came: there is nothing to compare.
        case notTriggered
        /// The full model itself, or no pair of runs with figures.
        case none
    }

    public let lines: [Line]
    /// What the figures can be compared with; a sentence each.
    public let remarks: [String]

    /// - Parameter results: of any datasets, profiles and cells; they are never pooled.
    public init(results: [RunResult], published: PublishedTable) {
        let groups = Dictionary(grouping: results) { [$0.dataset, $0.profile, $0.cell.rawValue] }
        lines = groups.values.flatMap { group -> [Line] in
            let full = Dictionary(grouping: group.filter { $0.row == .full }, by: \.seed).compactMapValues(\.first)
            return Dictionary(grouping: group, by: \.row).values.map { Line($0.sorted(), full: full, published: published) }
        }.sorted()
        remarks = Self.remarks(on: results)
    }

    private static func remarks(on results: [RunResult]) -> [String] {
        var seen: Set<String> = []
        return results.sorted().compactMap { result in
            var remark = "\(result.dataset), \(result.profile): V = \(result.vocabulary), \(result.trainingTokens) training tokens."
            if result.isPartial {
                remark += " A part of the training text: these perplexities are not comparable with the paper's."
            }
            if let floor = result.sourcePerplexity {
                remark += " The source's own perplexity is \(floor.text(2)): no model can do better."
            }
            return seen.insert(remark).inserted ? remark : nil
        }
    }
}

extension RemovalTable.Line {
    /// - Parameters:
    ///   - runs: of one row, one a seed.
    ///   - full: the full model's runs by seed.
    fileprivate init(_ runs: [RunResult], full: [Int: RunResult], published table: PublishedTable) {
        let first = runs[0]
        let measured = runs.filter { $0.status == .ok }
        dataset = first.dataset
        profile = first.profile
        cell = first.cell
        row = first.row
        n = measured.count
        validationPerplexity = mean(measured.compactMap(\.validationPerplexity))
        testPerplexity = mean(measured.compactMap(\.testPerplexity))
        published = table.figures(dataset: dataset, row: row)
        publishedDifference = row == .full
            ? nil
            : published.flatMap { figures in table.figures(dataset: first.dataset, row: .full).map { figures.validation - $0.validation } }
        difference = Self.difference(measured, full: full)
        notes = Self.notes(runs)
    }

    private static func difference(_ runs: [RunResult], full: [Int: RunResult]) -> RemovalTable.Difference {
        let pairs = runs.compactMap { run in full[run.seed].map { (run: run, full: $0) } }
            .filter { $0.run.row != .full && $0.full.status == .ok }
        let triggered = pairs.filter { $0.run.wasTriggered(besides: $0.full) }
        let validation = triggered.compactMap { pair in subtract(pair.run.validationPerplexity, pair.full.validationPerplexity) }
        let test = triggered.compactMap { pair in subtract(pair.run.testPerplexity, pair.full.testPerplexity) }
        if let meanValidation = mean(validation), let meanTest = mean(test) {
            return .value(validation: meanValidation, test: meanTest, n: validation.count)
        }
        return pairs.isEmpty || !triggered.isEmpty ? .none : .notTriggered
    }

    private static func notes(_ runs: [RunResult]) -> [String] {
        let of = runs.count == 1 ? { (_: Int) in "" } : { (count: Int) in "\(count) of \(runs.count) " }
        let diverged = runs.filter { $0.status == .diverged }
        let failed = runs.filter { $0.status == .failed }
        let untriggered = runs.filter { $0.status == .ok && $0.triggerEpoch == nil }
        var notes: [String] = []
        if !diverged.isEmpty {
            let epochs = diverged.map { String($0.epochs) }.joined(separator: ", ")
            notes.append("\(of(diverged.count))diverged in epoch \(epochs)")
        }
        if !failed.isEmpty { notes.append("\(of(failed.count))failed") }
        if !untriggered.isEmpty { notes.append("\(of(untriggered.count))criterion never fired") }
        return notes
    }
}

extension RunResult {
    /// Whether the stages that this row removes came at all, in this run and in the full model's.
    fileprivate func wasTriggered(besides full: RunResult) -> Bool {
        row.ablations.allSatisfy { ablation in
            switch ablation {
            case .ntASGD: triggerEpoch != nil && full.triggerEpoch != nil
            case .fineTuning: full.fineTuningEpoch != nil
            default: true
            }
        }
    }
}

extension RemovalTable.Line: Comparable {
    public static func < (first: Self, second: Self) -> Bool {
        func order(_ line: Self) -> (String, String, Int) { (line.dataset, line.profile, line.cell == .lstm ? 0 : 1) }
        return order(first) == order(second) ? first.row < second.row : order(first) < order(second)
    }
}

private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

private func subtract(_ first: Double?, _ second: Double?) -> Double? {
    first.flatMap { first in second.map { first - $0 } }
}
