import Documents

/// What each row changes in the full model's configuration, in words.
public struct Explanation: Sendable {
    /// A table for each cell, one line a key.
    public let text: String

    /// - Parameter full: the full model's configuration of each cell.
    public init(full: [Configuration], rows: [Row]) {
        text = full.map { full in
            let lines = rows.flatMap { row in
                let differences = full.differences(to: row.apply(full))
                return differences.isEmpty
                    ? [[row.name, "nothing"]]
                    : differences.enumerated().map { [$0 == 0 ? row.name : "", $1.key, $1.first, $1.second] }
            }
            return "\(full.datasetName), \(full.profile), \(full.cell.rawValue.uppercased())\n"
                + AlignedText.table([["row", "changes", "full", "row's"]] + lines, leftAligned: [0, 1])
        }.joined(separator: "\n")
    }
}
