import Configurations

extension RemovalTable {
    /// One row of a part, over its seeds.
    struct Line: Equatable, Sendable {
        let row: Row
        /// What it changes in the full model's configuration; empty for the full model, and where it is not recorded.
        let change: String
        /// Number of seeds that gave perplexities, over which they are averaged.
        let n: Int
        /// Perplexities of the best checkpoints.
        let validation: Estimate?
        let test: Estimate?
        let difference: Difference
        /// Of the validation difference of one seed, where the blocks of both runs are known.
        let textInterval: TextInterval?
        /// Of the validation difference, by Holm's correction for all of its part; nil where it is the only one.
        var holmPValue: Double?
        /// After the best epoch, on the text that epochs are judged on, of the raw and of the averaged weights; nil where a seed's
        /// were not measured then.
        let validationRaw: Estimate?
        let validationAveraged: Estimate?
        /// Of the seeds in which the criterion fired, when; and each seed's best epoch.
        let triggerEpochs: [Int]
        let bestEpochs: [Int]
        let published: PublishedTable.Figures?
        /// The paper's difference to its full model.
        let publishedDifference: Double?
        /// What is to be known of the runs: diverged, failed, a stage that never came.
        let notes: [String]
    }

    /// A row less the baseline of the same seed, averaged over the seeds in which both have figures.
    enum Difference: Equatable, Sendable {
        case value(validation: Estimate, test: Estimate)
        /// What the row removes never came: there is nothing to compare.
        case notTriggered
        /// The baseline itself, or no pair of runs with figures.
        case none

        /// Of the validation perplexity.
        var validation: Estimate? { if case .value(let validation, _) = self { validation } else { nil } }
        /// Of the test perplexity.
        var test: Estimate? { if case .value(_, let test) = self { test } else { nil } }
        /// Whether the 95 % interval of the validation difference excludes zero.
        var isSignificant: Bool { validation?.excludesZero ?? false }
    }
}

extension RemovalTable.Line {
    /// `*` where the 95 % interval excludes zero, `**` where it does so after Holm's correction too, else nothing.
    var mark: String {
        guard difference.isSignificant else { return "" }
        return (holmPValue ?? 1) < 0.05 ? "**" : "*"
    }
}

extension [RemovalTable.Line] {
    /// Corrects the p-values for their number, if there are several.
    mutating func correctPValues() {
        let tested = indices.filter { self[$0].difference.validation?.pValue != nil }
        guard tested.count > 1 else { return }
        let adjusted = HolmCorrection.adjusted(tested.compactMap { self[$0].difference.validation?.pValue })
        for (index, pValue) in zip(tested, adjusted) { self[index].holmPValue = pValue }
    }
}

extension RemovalTable.Line {
    /// - Parameters:
    ///   - runs: of one row, one a seed, at least one.
    ///   - baseline: the runs by seed to which the differences are.
    ///   - isOfOneSeed: whether no row of the part has figures of several.
    init(_ runs: [RunResult], baseline: [Int: RunResult], isOfOneSeed: Bool, published table: PublishedTable) {
        let (row, dataset) = (runs[0].row, runs[0].dataset)
        let measured = runs.filter { $0.status == .ok }
        self.row = row
        change = runs[0].difference
        n = measured.count
        validation = Estimate(measured.compactMap(\.validationPerplexity))
        test = Estimate(measured.compactMap(\.testPerplexity))
        validationRaw = Self.estimate(measured.map(\.validationRawPerplexity))
        validationAveraged = Self.estimate(measured.map(\.validationAveragedPerplexity))
        triggerEpochs = measured.compactMap(\.triggerEpoch)
        bestEpochs = measured.compactMap(\.bestEpoch)
        published = table.figures(dataset: dataset, row: row)
        publishedDifference = row == .full
            ? nil
            : published.flatMap { figures in table.figures(dataset: dataset, row: .full).map { figures.validation - $0.validation } }
        difference = Self.difference(measured, baseline: baseline)
        let pair = isOfOneSeed && difference.validation != nil ? measured.first.map { ($0, baseline[$0.seed]) } : nil
        textInterval = pair.flatMap { run, full in
            full?.vocabulary == run.vocabulary ? TextInterval(run.validationBlocks, baseline: full?.validationBlocks ?? []) : nil
        }
        notes = Self.notes(runs, pairs: difference.validation?.n)
    }

    /// nil where a run has no value: a mean of the other seeds' would stand beside means of all.
    private static func estimate(_ values: [Double?]) -> Estimate? {
        let there = values.compactMap(\.self)
        return there.count == values.count ? Estimate(there) : nil
    }

    private static func difference(_ runs: [RunResult], baseline: [Int: RunResult]) -> RemovalTable.Difference {
        let pairs = runs.compactMap { run in baseline[run.seed].map { (run: run, baseline: $0) } }
            .filter { $0.run.row != $0.baseline.row && $0.baseline.status == .ok }
        let triggered = pairs.filter { $0.run.wasTriggered(besides: $0.baseline) }
        let validation = triggered.compactMap { pair in subtract(pair.run.validationPerplexity, pair.baseline.validationPerplexity) }
        let test = triggered.compactMap { pair in subtract(pair.run.testPerplexity, pair.baseline.testPerplexity) }
        if let validation = Estimate(validation), let test = Estimate(test) { return .value(validation: validation, test: test) }
        return pairs.isEmpty || !triggered.isEmpty ? .none : .notTriggered
    }

    private static func notes(_ runs: [RunResult], pairs: Int?) -> [String] {
        let of = runs.count == 1 ? { (_: Int) in "" } : { (count: Int) in "\(count) of \(runs.count) " }
        let diverged = runs.filter { $0.status == .diverged }
        let failed = runs.filter { $0.status == .failed }
        let measured = runs.filter { $0.status == .ok }
        let untriggered = measured.filter { $0.triggerEpoch == nil }
        var notes: [String] = []
        if !diverged.isEmpty {
            let epochs = diverged.map { String($0.epochs) }.joined(separator: ", ")
            notes.append("\(of(diverged.count))diverged in epoch \(epochs)")
        }
        if !failed.isEmpty { notes.append("\(of(failed.count))failed") }
        if !untriggered.isEmpty { notes.append("\(of(untriggered.count))criterion never fired") }
        let stalled = measured.filter(\.hasSmallLastLearningRate)
        if !stalled.isEmpty { notes.append("\(of(stalled.count))rate fell below 1/100") }
        if let pairs, pairs != measured.count { notes.append("Δ over n = \(pairs)") }
        return notes
    }
}

extension RunResult {
    /// Whether the learning rate ended below a hundredth of what it began with, so that training hardly went on.
    fileprivate var hasSmallLastLearningRate: Bool {
        learningRate.flatMap { first in lastLearningRate.map { $0 < first / 100 } } ?? false
    }

    /// Whether the stages that this row removes came at all, in this run and in the full model's.
    fileprivate func wasTriggered(besides full: RunResult) -> Bool {
        (!removes(.ntASGD) || (triggerEpoch != nil && full.triggerEpoch != nil)) && (!removes(.fineTuning) || full.fineTuningEpoch != nil)
    }

    /// Whether the row is without a stage, whose key has the slug's name.
    private func removes(_ stage: Ablation) -> Bool {
        row.ablations.contains(stage) || row.isFromFile && difference.split(separator: "; ").contains { $0 == "\(stage.rawValue): true → false" }
    }
}

private func subtract(_ first: Double?, _ second: Double?) -> Double? {
    first.flatMap { first in second.map { first - $0 } }
}
