/// Text in columns, as wide as where it is shown.
public enum AlignedText {
    /// A column of words is not made narrower than this, if its words are shorter.
    private static let narrowestWords = 16

    /// The rows with columns of equal width, two spaces apart, numbers to the right, and a rule under the first row.
    ///
    /// Where the width is too small, the columns of words are wrapped; if that is not enough, the columns stand in several
    /// tables, one below the other, or, where no columns repeat, each row stands by itself with a line a column.
    /// No line is longer than the width then, unless a single word is.
    ///
    /// - Parameters:
    ///   - rows: the first is the header. A cell may have several lines.
    ///   - leftAligned: columns of words.
    ///   - wrapping: columns that may be wrapped at their spaces; the last one when nil, if it is one of words.
    ///   - repeated: number of columns, from the first, that begin each of several tables.
    ///   - width: number of columns of the terminal; nil for no bound.
    public static func table(
        _ rows: [[String]], leftAligned: Set<Int>, wrapping: Set<Int>? = nil, repeated: Int = 0, width: Int? = nil
    ) -> String {
        guard let width else { return aligned(rows, leftAligned: leftAligned) }
        if let text = tableThatFits(rows, leftAligned: leftAligned, wrapping: wrapping, width: width) { return text }
        let tables = repeated > 0 ? parts(rows, leftAligned: leftAligned, repeated: repeated, width: width) : nil
        return tables?.joined(separator: "\n") ?? list(rows, width: width)
    }

    /// The same table, with columns wrapped where need be; nil when even so a line is longer than the width.
    public static func tableThatFits(
        _ rows: [[String]], leftAligned: Set<Int>, wrapping: Set<Int>? = nil, width: Int
    ) -> String? {
        var rows = rows
        let last = (rows.first?.count ?? 0) - 1
        for column in (wrapping ?? leftAligned.intersection([last])).sorted(by: >) {
            let excess = tableWidth(rows) - width
            guard excess > 0 else { break }
            let cells = rows.map { column < $0.count ? $0[column] : "" }
            let natural = self.width(of: cells)
            let longestWord = cells.flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(\.count).max() ?? 0
            let narrowest = max(longestWord, min(natural, narrowestWords))
            for row in rows.indices where column < rows[row].count {
                rows[row][column] = wrapped(rows[row][column], width: max(narrowest, natural - excess), indent: 0)
            }
        }
        return tableWidth(rows) <= width ? aligned(rows, leftAligned: leftAligned) : nil
    }

    /// The number of columns that a table takes.
    public static func tableWidth(_ rows: [[String]]) -> Int {
        let widths = columnWidths(rows)
        return widths.reduce(0, +) + 2 * max(0, widths.count - 1)
    }

    /// Lines, each broken at spaces where it is longer than the width, and indented where it goes on.
    ///
    /// - Parameter width: number of columns of the terminal; nil for no bound.
    public static func wrapped(_ text: String, width: Int?, indent: Int = 2) -> String {
        guard let width else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.count <= width ? String(line) : broken(line, width: width, indent: indent)
        }.joined(separator: "\n")
    }

    private static func broken(_ line: Substring, width: Int, indent: Int) -> String {
        let ownIndent = line.prefix { $0 == " " }.count
        var lines: [String] = []
        for word in line.split(separator: " ") {
            if let current = lines.last, current.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                let spaces = min(ownIndent + (lines.isEmpty ? 0 : indent), max(0, width - word.count))
                lines.append(String(repeating: " ", count: spaces) + word)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func aligned(_ rows: [[String]], leftAligned: Set<Int>) -> String {
        let widths = columnWidths(rows)
        let blocks = rows.map { row in
            let cells = row.map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            return (0..<(cells.map(\.count).max() ?? 1)).map { line in
                cells.enumerated().map { column, lines in
                    let text = line < lines.count ? lines[line] : ""
                    let padding = String(repeating: " ", count: widths[column] - text.count)
                    return leftAligned.contains(column) ? text + padding : padding + text
                }.joined(separator: "  ").trimmingEnd()
            }.joined(separator: "\n")
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return (blocks.prefix(1) + [rule] + blocks.dropFirst()).map { $0 + "\n" }.joined()
    }

    /// The tables that the columns make when each has as many as fit; nil when a single column is too much.
    private static func parts(_ rows: [[String]], leftAligned: Set<Int>, repeated: Int, width: Int) -> [String]? {
        let count = rows.first?.count ?? 0
        var tables: [[Int]] = []
        func selected(_ columns: [Int]) -> [[String]] { rows.map { row in columns.map { $0 < row.count ? row[$0] : "" } } }
        for column in repeated..<max(repeated, count) {
            if let columns = tables.last, tableWidth(selected(columns + [column])) <= width {
                tables[tables.count - 1].append(column)
            } else {
                tables.append(Array(0..<repeated) + [column])
            }
        }
        guard tables.allSatisfy({ tableWidth(selected($0)) <= width }) else { return nil }
        return tables.map { columns in
            aligned(selected(columns), leftAligned: Set(columns.indices.filter { leftAligned.contains(columns[$0]) }))
        }
    }

    /// Each row by itself: its first cell, and below it a line for each other cell that is not empty.
    private static func list(_ rows: [[String]], width: Int) -> String {
        let header = rows.first ?? []
        return rows.dropFirst().map { row in
            row.enumerated().compactMap { column, cell in
                let words = cell.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if words.isEmpty { return nil }
                return wrapped(column == 0 ? words : "  \(header[column]): \(words)", width: width) + "\n"
            }.joined()
        }.joined()
    }

    private static func columnWidths(_ rows: [[String]]) -> [Int] {
        (0..<(rows.map(\.count).max() ?? 0)).map { column in width(of: rows.map { column < $0.count ? $0[column] : "" }) }
    }

    private static func width(of cells: [String]) -> Int {
        cells.flatMap { $0.split(separator: "\n") }.map(\.count).max() ?? 0
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
