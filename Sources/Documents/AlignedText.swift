/// Text in columns.
public enum AlignedText {
    /// The rows with columns of equal width, two spaces apart, numbers to the right, and a rule under the first row.
    public static func table(_ rows: [[String]], leftAligned: Set<Int>) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        let lines = rows.map { row in
            row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return leftAligned.contains(column) ? text + padding : padding + text
            }.joined(separator: "  ").trimmingEnd()
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return (lines.prefix(1) + [rule] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
