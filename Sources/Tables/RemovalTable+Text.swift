import Documents
import LanguageModel
import Recurrent

extension RemovalTable {
    /// The table as aligned text, a section for each part, and the remarks.
    public var text: String { text(width: nil) }

    /// The same, where the width is too small with the most important columns only, and the names of the others below.
    ///
    /// - Parameter width: number of columns of the terminal; nil for no bound.
    public func text(width: Int?) -> String {
        func lines(_ sentences: [String]) -> String {
            sentences.map { AlignedText.wrapped($0, width: width) + "\n" }.joined()
        }
        let sections = parts.map { part in
            let section = part.section
            let (table, leftOut) = section.table(width: width)
            return lines([section.title]) + table + lines(section.footers + leftOut)
        }
        return (sections + [lines(remarks)]).joined(separator: "\n")
    }
}

extension RemovalTable.Part {
    /// What a part comes to in words, however it is set.
    struct Section: Equatable {
        let title: String
        let header: [String]
        let rows: [[String]]
        /// Columns of words.
        let leftAligned: Set<Int>
        /// What the signs mean, and the agreement with the paper; a sentence each.
        let footers: [String]
    }

    var section: Section {
        // The paper measured the LSTM only.
        let paper = group.cell == .lstm ? "paper" : "paper's LSTM"
        let markWidth = lines.map(\.mark.count).max() ?? 0
        func marked(_ text: String, _ mark: String = "") -> String {
            markWidth == 0 ? text : text + " " + mark + String(repeating: " ", count: markWidth - mark.count)
        }
        let columns: [(name: String, isAlwaysThere: Bool, text: (RemovalTable.Line) -> String)] = [
            ("row", true, \.row.name), ("n", true, { String($0.n) }), ("valid", true, \.validation.text),
            ("test", true, \.test.text),
            (hasTextIntervals ? Self.textIntervalHeading : "Δ valid", true, {
                marked($0.difference.text(\.validation) + ($0.textInterval.map { " \($0.text)" } ?? ""), $0.mark)
            }),
            ("Δ test", true, { marked($0.difference.text(\.test)) }),
            ("raw", false, { ($0.validationRaw?.mean).text(2) }), ("averaged", false, { ($0.validationAveraged?.mean).text(2) }),
            ("trigger", false, { Self.range($0.triggerEpochs) }), ("best", false, { Self.range($0.bestEpochs) }),
            ("\(paper) valid", false, { ($0.published?.validation).text(1) }),
            ("\(paper) test", false, { ($0.published?.test).text(1) }),
            ("\(paper) Δ valid", false, { $0.publishedDifference.text(1) }), ("note", true, { $0.notes.joined(separator: "; ") }),
        ]
        let shown = columns.filter { column in column.isAlwaysThere || lines.contains { !column.text($0).isEmpty } }
        return Section(
            title: title, header: shown.map(\.name), rows: lines.map { line in shown.map { $0.text(line) } },
            leftAligned: [0, shown.count - 1], footers: footers)
    }

    private var footers: [String] {
        var footers: [String] = []
        if group.sweptKey != nil {
            let reason = isBaselineFull ? "the configuration's own value." : "the first value: the configuration's own is not among them."
            footers.append("Δ is to \(baseline), \(reason)")
        }
        footers += lines.filter(\.row.isFromFile).map { "\($0.row): \($0.change.isEmpty ? "as the full model" : $0.change)." }
        footers += intervalSentences
        if !hasOneVocabulary {
            footers.append("The rows have different vocabularies: their perplexities are not comparable with one another.")
        }
        return footers + (agreement?.sentences(cell: group.cell) ?? []) + (missingRemovals.map { [$0.sentence] } ?? [])
    }

    private var hasTextIntervals: Bool { lines.contains { $0.textInterval != nil } }

    /// The heading of the differences beside whose figures stand intervals of the text.
    static let textIntervalHeading = "Δ valid [text]"

    private var intervalSentences: [String] {
        let tested = lines.count { $0.holmPValue != nil }
        if lines.contains(where: { $0.n > 1 }) {
            return [
                "± is half the 95 % confidence interval over n seeds (Student's t); Δ is paired by seed; "
                    + "* marks a Δ valid whose interval excludes zero"
                    + (tested > 0 ? ", ** one that does so after Holm's correction for the \(tested) rows." : ".")
            ]
        }
        guard hasTextIntervals else { return ["One seed: there are no intervals, and no row is marked."] }
        return [
            "[ ] is the 95 % interval of Δ valid from \(TextInterval.resamplings) resamplings of stretches of \(TextBlock.length) tokens of "
                + "the validation text: what the text can tell, not what another seed would.",
            "One seed: no row is marked.",
        ]
    }

    /// `7`, or `6–9`.
    private static func range(_ epochs: [Int]) -> String {
        guard let first = epochs.min(), let last = epochs.max() else { return "" }
        return first == last ? String(first) : "\(first)–\(last)"
    }
}

extension RemovalTable.Agreement {
    func sentences(cell: CellKind) -> [String] {
        let significance = hasIntervals ? ", \(hurtingSignificantly) with an interval that excludes zero" : ""
        let missing = published == removals ? "" : "; \(published - removals) have no difference here"
        let hurts = "\(hurting) of the paper's \(published) removals hurt "
            + "(a higher mean validation perplexity without the technique)\(significance)\(missing)."
        guard let correlation else { return [hurts] }
        let paper = cell == .lstm ? "the paper's" : "the paper's, which are the LSTM's"
        return [
            hurts,
            "Spearman's rank correlation of Δ valid with \(paper): ρ = \(correlation.coefficient.text(2)), "
                + "p = \(correlation.pValue.text(3)) (two-sided, \(correlation.isExact ? "exact" : "approximate"), \(correlation.n) removals).",
        ]
    }
}

extension RemovalTable.Difference {
    /// Of one of its estimates.
    fileprivate func text(_ estimate: KeyPath<Self, Estimate?>) -> String {
        self == .notTriggered ? "not triggered" : self[keyPath: estimate].text
    }
}

extension Estimate? {
    /// `181.71`, or `181.71 ± 2.30`; empty for nil.
    fileprivate var text: String { map { $0.mean.text(2) + ($0.margin.map { " ± \($0.text(2))" } ?? "") } ?? "" }
}

extension TextInterval {
    /// `[10.10, 14.60]`.
    fileprivate var text: String { "[\(low.text(2)), \(high.text(2))]" }
}
