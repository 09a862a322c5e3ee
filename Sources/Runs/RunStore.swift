import Documents
import Foundation
import LanguageModel
import Tables

/// An output folder: one folder a run, and the tables made from them.
public struct RunStore: Sendable {
    /// The files of a run's folder.
    enum File {
        static let configuration = "configuration.yaml"
        static let difference = "difference.yaml"
        static let manifest = "manifest.json"
        /// A line an epoch, where the weights are judged after each.
        static let epochs = "epochs.csv"
        /// A line an interval, where the weights are judged after a number of steps.
        static let intervals = "intervals.csv"
        /// How well each stretch of the validation text is predicted.
        static let validationBlocks = "validation-blocks.csv"
        /// The words that the model knows, in the order of their ids.
        static let vocabulary = "vocabulary.txt"
        static let result = "result.csv"
        static let errors = "errors.txt"
    }

    /// The table of all runs, in the output folder itself.
    static let resultsFile = "results.csv"

    /// The output folder.
    public let folder: URL

    public init(folder: String) {
        self.folder = URL(fileURLWithPath: folder, isDirectory: true)
    }

    /// The folder of a run in it.
    public func folder(of run: PlannedRun) -> URL { folder.appendingPathComponent(run.name, isDirectory: true) }

    /// Whether a folder is that of a run, begun or finished.
    static func isRun(_ folder: URL) -> Bool {
        [File.configuration, File.manifest, File.result].contains { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
    }

    /// The folders of the runs in it, begun or finished, by name.
    ///
    /// - Throws: `InputError` (`inputOutput`) when the folder cannot be read.
    func runFolders() throws -> [URL] {
        func refusal(_ fault: String) -> InputError {
            InputError.inputOutput("\(folder.path): \(fault); give an output folder of 'ablate run' or 'ablate sweep'")
        }
        var isFolder: ObjCBool = false
        guard !FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) || isFolder.boolValue else { throw refusal("is not a folder") }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw refusal("cannot be read: \(TextFile.reason(error))")
        }
        return names.sorted().map { folder.appendingPathComponent($0, isDirectory: true) }.filter(Self.isRun)
    }

    /// Makes the folder, and makes sure that it can be written.
    ///
    /// - Throws: ``InputError`` (`inputOutput`).
    public func prepare() throws {
        let trial = folder.appendingPathComponent(".trial.\(ProcessInfo.processInfo.processIdentifier).\(DurableFile.temporaryExtension)")
        do {
            try DurableFile.makeFolder(folder)
            try DurableFile.write(to: trial) { _ in }
            // A command that has the folder takes it for a leftover, and may have been first.
            try? FileManager.default.removeItem(at: trial)
        } catch {
            let cause = (error as? InputError)?.message ?? TextFile.reason(error)
            throw InputError.inputOutput("\(folder.path): the output folder cannot be written: \(cause)")
        }
    }

    /// Removes the output folder where nothing is in it.
    public func removeIfEmpty() { rmdir(folder.path) }

    /// Removes what a command that was killed left in the output folder itself. The folder must be this process's.
    public func removeLeftovers() {
        DurableFile.removeLeftovers(in: folder)
        FolderLock.removeLeftovers(in: folder)
    }

    /// Removes what a killed process left in the folder of a run, in which no other may be at work now.
    func removeLeftovers(of run: PlannedRun) {
        DurableFile.removeLeftovers(in: folder(of: run))
        FolderLock.removeLeftovers(in: folder(of: run))
    }

    /// Makes the folder of a run with its configuration, where it is not there, and takes an old failure out.
    func begin(_ run: PlannedRun) throws {
        let runFolder = folder(of: run)
        guard !run.name.contains("/"), !run.name.hasPrefix(".") else {
            throw InputError.usage("\(run.name): a run of this name would leave the output folder")
        }
        try checkIsNoLink(runFolder)
        do {
            try DurableFile.makeFolder(runFolder)
            for name in [File.result, File.validationBlocks, File.errors] {
                let file = runFolder.appendingPathComponent(name)
                if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
            }
        } catch {
            throw InputError.inputOutput("\(runFolder.path): cannot be written: \(TextFile.reason(error))")
        }
        try TextFile.write(
            run.full.differenceYAML(to: run.configuration), to: runFolder.appendingPathComponent(File.difference))
        try TextFile.write(run.configuration.yaml, to: runFolder.appendingPathComponent(File.configuration))
    }

    private func checkIsNoLink(_ runFolder: URL) throws {
        guard !DurableFile.isSymbolicLink(runFolder) else {
            throw InputError.inputOutput("\(runFolder.path): is a symbolic link, and nothing is written through one; put a folder there")
        }
    }

    /// Writes a run's result.
    static func write(_ result: RunResult, into runFolder: URL) throws {
        try TextFile.write(RunResult.csv([result]).text, to: runFolder.appendingPathComponent(File.result))
    }

    /// Writes how a run's best checkpoint predicts the validation text, if there is one.
    static func write(_ blocks: [TextBlock], into runFolder: URL) throws {
        guard !blocks.isEmpty else { return }
        try TextFile.write(TextBlock.csv(blocks).text, to: runFolder.appendingPathComponent(File.validationBlocks))
    }

    /// Writes the result of a run that gave none itself.
    func write(_ result: RunResult, of run: PlannedRun) throws {
        try checkIsNoLink(folder(of: run))
        try Self.write(result, into: folder(of: run))
    }

    /// All results in the folder, ordered by dataset, profile, cell, row and seed.
    ///
    /// - Parameter excluded: names of folders that are passed over.
    /// - Throws: `InputError` when the folder cannot be read, or a file in it is damaged.
    public func results(besides excluded: Set<String> = []) throws -> [RunResult] {
        let places = try Dictionary(recordedRows().map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
        let found = try runFolders().filter { !excluded.contains($0.lastPathComponent) }.compactMap { run -> (name: String, result: RunResult)? in
            guard var result = try result(in: run) else { return nil }
            result.row = places[result.row] ?? result.row
            return (run.lastPathComponent, result)
        }
        if let (first, second, run) = RunResult.repetition(in: found.map(\.result)) {
            throw InputError.data(
                "\(folder.path): '\(found[first].name)' and '\(found[second].name)' hold the same run (\(run)), and it would count twice; "
                    + "move one of them out of this folder")
        }
        return found.map(\.result).sorted()
    }

    /// Writes `results.csv` and `table.csv`.
    ///
    /// - Parameter results: of all runs of the folder.
    func writeTables(of results: [RunResult], published: PublishedTable) throws {
        let table = RemovalTable(results: results, published: published)
        try TextFile.write(RunResult.csv(results).text, to: folder.appendingPathComponent(Self.resultsFile))
        try TextFile.write(table.csv.text, to: folder.appendingPathComponent("table.csv"))
    }

    /// Whether a run has come to a result, or has failed.
    func hasResult(in runFolder: URL) -> Bool {
        FileManager.default.fileExists(atPath: runFolder.appendingPathComponent(File.result).path)
    }

    /// What a run has come to that is not made again; nil where it failed, has come to nothing yet, or what it wrote is damaged.
    func lastingResult(in runFolder: URL) -> RunResult? {
        guard let result = try? result(in: runFolder), result.status != .failed else { return nil }
        return result
    }

    /// What a run's folder holds; nil where it has not come to a result.
    func result(in runFolder: URL) throws -> RunResult? {
        let file = runFolder.appendingPathComponent(File.result)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        var result = try RunResult.results(in: CSV(text: try TextFile.read(file), file: file.path), file: file.path).first
        if result?.status != .failed, (try? Manifest(in: runFolder))?.fault(of: File.result, in: runFolder) != nil {
            throw InputError.data("\(file.path): is not what the run wrote: it does not match its digest in \(File.manifest)")
        }
        let blocks = runFolder.appendingPathComponent(File.validationBlocks)
        if result?.status == .ok, let perplexity = result?.validationPerplexity, FileManager.default.fileExists(atPath: blocks.path) {
            let csv = try CSV(text: try TextFile.read(blocks), file: blocks.path)
            result?.validationBlocks = try TextBlock.blocks(in: csv, file: blocks.path, perplexity: perplexity)
        }
        return result
    }
}
