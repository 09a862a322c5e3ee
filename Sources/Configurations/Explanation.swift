import Documents

/// What each row changes in the full model's configuration, in words.
public struct Explanation: Sendable {
    private let full: [Configuration]
    private let rows: [Row]

    /// - Parameter full: the full model's configuration of each cell.
    public init(full: [Configuration], rows: [Row]) {
        self.full = full
        self.rows = rows
    }

    /// A table for each cell, and where that is too wide a line a change.
    ///
    /// - Parameter width: number of columns of the terminal; nil for no bound.
    public func text(width: Int? = nil) -> String {
        full.map { full in
            let title = "\(full.datasetName), \(full.profile), \(full.cell.rawValue.uppercased())\n"
            let changes = rows.map { (row: $0, differences: full.differences(to: $0.apply(full))) }
            return AlignedText.wrapped(title, width: width) + (table(of: changes, width: width) ?? list(of: changes, width: width))
        }.joined(separator: "\n")
    }

    private func table(of changes: [(row: Row, differences: [ConfigurationDifference])], width: Int?) -> String? {
        let lines = changes.flatMap { row, differences in
            differences.isEmpty
                ? [[row.name, "nothing"]]
                : differences.enumerated().map { [$0 == 0 ? row.name : "", $1.key, $1.first, $1.second] }
        }
        let table = [["row", "changes", "full", "row's"]] + lines
        guard let width else { return AlignedText.table(table, leftAligned: [0, 1]) }
        return AlignedText.tableThatFits(table, leftAligned: [0, 1], width: width)
    }

    private func list(of changes: [(row: Row, differences: [ConfigurationDifference])], width: Int?) -> String {
        let lines = changes.flatMap { row, differences in
            [row.name] + (differences.isEmpty ? ["nothing"] : differences.map(\.description)).map { "  \($0)" }
        }
        return AlignedText.wrapped(lines.map { $0 + "\n" }.joined(), width: width)
    }
}
