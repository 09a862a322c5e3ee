import Documents

extension RemovalTable.Part.Section {
    /// The columns' names, the most important first.
    private static let importance = ["row", "Δ valid", "valid", "n", "test", "note"]

    /// The aligned table with the columns that fit, and a sentence that names those left out.
    func table(width: Int?) -> (text: String, leftOut: [String]) {
        let all = [header] + rows
        guard let width else { return (AlignedText.table(all, leftAligned: leftAligned), []) }
        if let text = AlignedText.tableThatFits(all, leftAligned: leftAligned, wrapping: [], width: width) { return (text, []) }
        // A column that says nothing is not missed.
        let filled = header.indices.filter { column in rows.contains { !$0[column].allSatisfy(\.isWhitespace) } }
        var shown: [Int] = []
        var text = ""
        for column in filled.sorted(by: { rank($0) < rank($1) }) {
            let columns = (shown + [column]).sorted()
            if let wider = self.text(of: columns, width: width) { (shown, text) = (columns, wider) }
        }
        // The differences of one seed are worth little without the figures that they are of; those of several take too much room.
        let hasMargins = rows.contains { $0.contains { $0.contains("±") } }
            || header.contains(RemovalTable.Part.textIntervalHeading)
        let needed = filled.filter { rank($0) < (hasMargins ? 2 : 3) }
        guard needed.allSatisfy(shown.contains) else {
            return (AlignedText.table(all, leftAligned: leftAligned, width: width), [])
        }
        let names = filled.filter { !shown.contains($0) }.map { header[$0] }
        return (text, names.isEmpty ? [] : [
            "Left out, as the terminal is narrow: \(names.joined(separator: ", ")). table.csv has them, and so has a terminal of "
                + "\(AlignedText.tableWidth(all)) columns."
        ])
    }

    private func rank(_ column: Int) -> Int {
        let name = header[column] == RemovalTable.Part.textIntervalHeading ? "Δ valid" : header[column]
        return Self.importance.firstIndex(of: name) ?? Self.importance.count + column
    }

    /// Nil where the columns do not fit.
    private func text(of columns: [Int], width: Int) -> String? {
        let table = ([header] + rows).map { row in columns.map { row[$0] } }
        let leftAligned = Set(columns.indices.filter { self.leftAligned.contains(columns[$0]) })
        if let text = AlignedText.tableThatFits(table, leftAligned: leftAligned, width: width) { return text }
        guard columns.count <= Self.importance.count else { return nil }
        let higher = table.map { row in
            row.map { $0 == "not triggered" ? "not\ntriggered" : $0.replacing(/(\d|Δ valid) \[/) { "\($0.1)\n[" } }
        }
        return AlignedText.tableThatFits(higher, leftAligned: leftAligned, width: width)
    }
}
