/// One run of the table that is to be made.
public struct PlannedRun: Equatable, Sendable {
    public let row: Row
    /// The row's configuration, with its seed.
    public let configuration: Configuration

    /// Its folder, and what it is called in messages.
    public var name: String { configuration.runName(row: row) }

    /// The runs of all cells, rows and seeds 1...`seeds`, in this order.
    ///
    /// - Parameter full: the full model's configuration of each cell.
    public static func all(full: [Configuration], rows: [Row], seeds: Int) -> [PlannedRun] {
        full.flatMap { full in
            rows.flatMap { row in
                (1...max(seeds, 1)).map { seed in
                    var configuration = row.apply(full)
                    configuration.seed = seed
                    return PlannedRun(row: row, configuration: configuration)
                }
            }
        }
    }
}
