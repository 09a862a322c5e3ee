import Configurations
import Documents
import Foundation

/// One run of the table that is to be made.
public struct PlannedRun: Equatable, Sendable {
    /// What is removed or set.
    public let row: Row
    /// The full model's configuration, with the run's seed.
    public let full: Configuration

    /// The row's configuration.
    public var configuration: Configuration { row.apply(full) }

    /// What the row changes in the full model's configuration.
    public var differences: [ConfigurationDifference] { full.differences(to: configuration) }

    /// Its folder, and what it is called in messages.
    public var name: String { row.runName(in: configuration) }

    /// The runs of all cells, rows and so many seeds, in this order.
    ///
    /// - Parameter full: the full model's configuration of each cell, with the first seed.
    public static func all(full: [Configuration], rows: [Row], seeds: Int) -> [PlannedRun] {
        full.flatMap { full in
            rows.flatMap { row in
                (0..<max(seeds, 1)).map { index in
                    var full = full
                    full.seed += index
                    return PlannedRun(row: row, full: full)
                }
            }
        }
    }
}

extension PlannedRun {
    /// Reads a run's folder.
    ///
    /// - Throws: ``InputError`` when a file is missing or damaged.
    init(folder: URL, row: Row) throws {
        let configuration = try Configuration(file: folder.appendingPathComponent(RunStore.File.configuration))
        self.init(row: row, full: try configuration.full(difference: folder.appendingPathComponent(RunStore.File.difference)))
    }
}
