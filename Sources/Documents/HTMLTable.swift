/// A table in HTML that scrolls sideways where it is too wide, by keyboard too, with the first column staying in sight.
public struct HTMLTable: Sendable {
    let id: String
    let caption: String
    let header: [String]
    let rows: [[String]]
    let leftAligned: Set<Int>
    let footers: [String]

    /// - Parameters:
    ///   - id: of the caption, once in a page.
    ///   - rows: each with a cell for every column; the first is the row's heading.
    ///   - leftAligned: columns of words, besides the first.
    ///   - footers: below the table, a sentence each.
    public init(id: String, caption: String, header: [String], rows: [[String]], leftAligned: Set<Int>, footers: [String] = []) {
        (self.id, self.caption, self.header, self.rows) = (id, caption, header, rows)
        (self.leftAligned, self.footers) = (leftAligned, footers)
    }

    /// The element; all texts are escaped.
    public var text: String {
        func kind(_ column: Int) -> String { column == 0 || leftAligned.contains(column) ? " class=\"words\"" : "" }
        let head = header.enumerated().map { "<th scope=\"col\"\(kind($0))>\($1.escapedForMarkup)</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + row.enumerated().map { column, cell in
                let text = cell.escapedForMarkup
                return column == 0 ? "<th scope=\"row\" class=\"words\">\(text)</th>" : "<td\(kind(column))>\(text)</td>"
            }.joined() + "</tr>\n"
        }.joined()
        return """
            <div class="scroll" role="region" aria-labelledby="\(id)" tabindex="0">
            <table>
            <caption id="\(id)">\(caption.escapedForMarkup)</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody>
            </table>
            </div>
            \(footers.map { "<p class=\"note\">\($0.escapedForMarkup)</p>\n" }.joined())
            """
    }
}
