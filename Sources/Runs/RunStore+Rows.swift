import Configurations
import Documents
import Foundation

/// The rows from files that an output folder was made for. They stand in it as a file of rows, so that a later command, and a reader, find
/// the same.
extension RunStore {
    /// In the output folder itself.
    static let rowsFile = "rows.yaml"

    private var rowsURL: URL { folder.appendingPathComponent(Self.rowsFile) }

    /// Those of all commands so far, in the order of their files; none where there is no such file.
    ///
    /// - Throws: ``InputError`` when the file is damaged or cannot be read.
    func recordedRows() throws -> [Row] { FileManager.default.fileExists(atPath: rowsURL.path) ? try Row.list(rowsURL) : [] }

    /// Makes sure that rows change the same as those of their names that are in the folder.
    ///
    /// - Throws: ``InputError``: `usage` naming the row and what differs; as `recordedRows()` does.
    public func check(_ rows: [Row]) throws {
        let recorded = Dictionary(try recordedRows().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for row in rows where row.isFromFile {
            guard let there = recorded[row.name], there != row else { continue }
            throw InputError.usage(
                "\(rowsURL.path): the row '\(row)' is {\(there.settingsText)} there and {\(row.settingsText)} here; give it another name, "
                    + "or another folder with --out")
        }
    }

    /// Writes down the rows that come from a file, before those of earlier commands that are not among them.
    ///
    /// - Throws: ``InputError`` when the file that is there is damaged, or it cannot be written.
    public func record(_ rows: [Row]) throws {
        let (earlier, now) = (try recordedRows(), rows.filter(\.isFromFile))
        guard now.contains(where: { !earlier.contains($0) }) else { return }
        try TextFile.write(Row.yaml(now + earlier.filter { !now.contains($0) }), to: rowsURL)
    }
}
