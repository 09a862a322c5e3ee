import Documents
import Foundation
import Tables

/// The results of a table under way: those in the output folder, and those that could not be written there, as on a full disk.
///
/// A result or a table that cannot be written is kept and tried again the next time; meanwhile the other runs go on.
public struct TableRecord {
    private let store: RunStore
    private let published: PublishedTable
    private var unwritten: [(run: PlannedRun, result: RunResult)] = []
    /// Why not everything is written; nil when all is.
    public private(set) var fault: InputError?

    public init(store: RunStore, published: PublishedTable) {
        self.store = store
        self.published = published
    }

    /// Takes the result of a run that gave none itself.
    public mutating func add(_ result: RunResult, of run: PlannedRun) { unwritten.append((run, result)) }

    /// Writes what is not written yet, then `results.csv` and `table.csv`.
    public mutating func write() {
        fault = nil
        var left: [(run: PlannedRun, result: RunResult)] = []
        for entry in unwritten where !attempt({ [store] in try store.write(entry.result, of: entry.run) }) { left.append(entry) }
        unwritten = left
        let record = self
        _ = attempt { try record.store.writeTables(of: record.results(), published: record.published) }
    }

    /// All results, written or not.
    ///
    /// - Throws: `InputError` when the folder cannot be read, or a file in it is damaged.
    public func results() throws -> [RunResult] {
        let missing = Set(unwritten.map { store.folder(of: $0.run).lastPathComponent })
        return (try store.results(besides: missing) + unwritten.map(\.result)).sorted()
    }

    private mutating func attempt(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            fault = error as? InputError ?? .inputOutput(TextFile.reason(error))
            return false
        }
    }
}
