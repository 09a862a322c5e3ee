import Configurations
import Documents
import Recurrent

/// The rows of finished runs, each beside the full model and the paper; of sweeps too, beside the configuration's own value.
public struct RemovalTable: Sendable {
    /// The rows that may be compared with one another.
    struct Part: Equatable, Sendable {
        let group: RunGroup
        /// Of the group, with the configuration's digest where another part has the same.
        fileprivate(set) var title: String
        /// The row to which the differences are.
        let baseline: Row
        /// Whether ``baseline`` is the full model's configuration; if not, it is the first value of a sweep.
        let isBaselineFull: Bool
        /// Whether all runs read the same words, without which perplexities cannot be compared; a sweep may vary the text.
        let hasOneVocabulary: Bool
        /// In the order of the rows.
        let lines: [Line]
        /// Nil where there is nothing to agree with.
        let agreement: Agreement?
        /// Nil where all the paper's removals are there, or none.
        let missingRemovals: MissingRemovals?
    }

    let parts: [Part]
    /// What the figures can be compared with, and what is missing; a sentence each.
    let remarks: [String]

    /// All rows.
    var lines: [Line] { parts.flatMap(\.lines) }

    /// - Parameters:
    ///   - results: of any groups; those of different groups are never pooled.
    ///   - unfinished: names of the runs that have no result yet.
    public init(results: [RunResult], published: PublishedTable, unfinished: [String] = []) {
        var parts = Dictionary(grouping: results, by: \.group).map { Part($0, $1, published: published) }.sorted { $0.group < $1.group }
        let titles = Dictionary(grouping: parts, by: \.title).mapValues(\.count)
        for index in parts.indices where titles[parts[index].title] != 1 {
            parts[index].title += ", configuration \(parts[index].group.configurationDigest)"
        }
        self.parts = parts
        let missing = unfinished.isEmpty ? [] : ["Not finished: \(unfinished.joined(separator: ", "))."]
        remarks = Self.remarks(on: results) + missing
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

extension RemovalTable.Part {
    /// - Parameter results: of one group, at least one.
    fileprivate init(_ group: RunGroup, _ results: [RunResult], published: PublishedTable) {
        let rows = Set(results.map(\.row)).sorted()
        // A sweep's row without a difference has the configuration's own value.
        let own = group.sweptKey == nil ? Row.full : results.first { $0.difference.isEmpty }?.row
        let baseline = own ?? rows[0]
        let paired = Dictionary(grouping: results.filter { $0.row == baseline }, by: \.seed).compactMapValues(\.first)
        self.group = group
        title = group.title
        self.baseline = baseline
        isBaselineFull = own != nil
        hasOneVocabulary = Set(results.map(\.vocabulary)).count == 1
        let isOfOneSeed = Dictionary(grouping: results.filter { $0.status == .ok }, by: \.row).values.allSatisfy { $0.count == 1 }
        var lines = rows.map { row in
            RemovalTable.Line(
                results.filter { $0.row == row }.sorted(), baseline: paired, isOfOneSeed: isOfOneSeed, published: published)
        }
        lines.correctPValues()
        self.lines = lines
        agreement = group.sweptKey == nil
            ? RemovalTable.Agreement(lines, dataset: group.dataset, published: published) : nil
        missingRemovals = group.sweptKey == nil
            ? RemovalTable.MissingRemovals(lines, dataset: group.dataset, published: published) : nil
    }
}
