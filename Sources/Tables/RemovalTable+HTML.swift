import Documents
import Recurrent

extension RemovalTable {
    /// `Removal table: ptb, quick`, for a heading.
    public var heading: String {
        let sets = parts.map { "\($0.group.dataset), \($0.group.profile)" }
        let isSweep = parts.allSatisfy { $0.group.sweptKey != nil }
        let distinct = sets.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return (isSweep ? "Sweep of \(parts.first?.group.sweptKey ?? "")" : "Removal table") + ": " + distinct.joined(separator: "; ")
    }

    /// The tables as HTML, one for each part, with what the signs mean below.
    public var html: String {
        parts.enumerated().map { number, part in
            let section = part.section
            return HTMLTable(
                id: "table-\(number + 1)", caption: section.title, header: section.header, rows: section.rows,
                leftAligned: section.leftAligned, footers: section.footers
            ).text
        }.joined()
    }

    /// What each row changes in the configuration of its baseline's model, as HTML.
    public var changesHTML: String {
        parts.enumerated().map { number, part in
            HTMLTable(
                id: "changes-\(number + 1)", caption: "Changes: \(part.section.title)", header: ["row", "changes"],
                rows: part.lines.map { line in
                    let isSame = line.row == part.baseline && part.isBaselineFull
                    return [line.row.name, line.change.isEmpty ? isSame ? "nothing: the whole recipe" : "not recorded" : line.change]
                }, leftAligned: [0, 1], footers: []
            ).text
        }.joined()
    }

    /// What may be compared with what, and what may not; a sentence each.
    public var comparability: [String] {
        var sentences = ["Rows of one table may be compared with one another: they differ in what is removed or set alone, and differences are paired by seed."]
        if parts.contains(where: { !$0.hasOneVocabulary }) {
            sentences = ["Rows that read different vocabularies, as a table then says, may not be compared with one another."]
        }
        if parts.count > 1 {
            sentences.append("Perplexities of different tables may be compared only where text, vocabulary and sizes are the same; runs of different tables are never pooled.")
        }
        if lines.contains(where: { $0.published != nil }) {
            sentences.append("The paper's figures are those of its LSTM at full size, beside a GRU too: compare directions and the order of the rows, not sizes.")
        }
        if lines.allSatisfy({ $0.n < 2 }) {
            sentences.append("One seed tells little: rows differ by about a point from initialisation alone, and an interval from the text knows nothing of that.")
        }
        return sentences + remarks
    }
}
