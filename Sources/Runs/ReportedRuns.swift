import Documents
import Foundation
import Tables

/// The results that a report is made of, from an output folder or from its `results.csv`.
public struct ReportedRuns: Sendable {
    /// Of the runs that ended.
    public let results: [RunResult]
    /// Names of the runs in the folder that have not come to a result.
    public let unfinished: [String]
    /// The output folder, where that was given.
    let store: RunStore?

    /// - Parameter path: a folder with a folder a run, a folder with a `results.csv` only, or such a file.
    /// - Throws: ``InputError``: `inputOutput` when there is nothing to report, `data` when a file is damaged, naming file,
    ///   line and column.
    public init(path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw InputError.inputOutput("\(path): there is no such file or folder")
        }
        let table = isFolder.boolValue ? path + "/" + RunStore.resultsFile : path
        var (results, unfinished) = ([RunResult](), [String]())
        if isFolder.boolValue {
            let store = RunStore(folder: path)
            (results, unfinished) = (try store.results(), try store.unfinished())
        }
        if results.isEmpty, unfinished.isEmpty, FileManager.default.fileExists(atPath: table) {
            let csv = try CSV(text: try TextFile.read(URL(fileURLWithPath: table)), file: table)
            results = try RunResult.results(in: csv, file: table)
        }
        guard !results.isEmpty else {
            let waiting = unfinished.isEmpty ? "" : "; not finished: \(unfinished.joined(separator: ", "))"
            throw InputError.inputOutput(
                "\(path): holds no finished run\(waiting); "
                    + "give an output folder of 'ablate run' or 'ablate sweep', or its \(RunStore.resultsFile)")
        }
        store = isFolder.boolValue ? RunStore(folder: path) : nil
        self.results = results
        self.unfinished = unfinished
    }
}

extension RunStore {
    /// Names of the runs in the folder that were begun and have no result.
    func unfinished() throws -> [String] {
        try runFolders().filter { !hasResult(in: $0) }.map(\.lastPathComponent)
    }
}
