import Configurations
import Documents
import Foundation
import LanguageModel
import Tables

/// Whether the files of an output folder are those that its runs wrote.
public struct Verification: Sendable {
    /// What was found in a run's folder.
    public struct Finding: Sendable {
        /// The run's name.
        public let run: String
        /// In words.
        public let text: String
        /// Whether something is missing, damaged or altered.
        public let isFault: Bool
    }

    /// Of each run, in the order of their names; then of the tables.
    public let findings: [Finding]

    /// - Parameter path: an output folder, or the folder of one run.
    /// - Throws: ``InputError`` (`inputOutput`) when there is no run in it.
    public init(path: String) throws {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        if RunStore.isRun(folder) {
            findings = [Self.look(at: folder)]
            return
        }
        let runs = try RunStore(folder: path).runFolders()
        guard !runs.isEmpty else {
            throw InputError.inputOutput("\(path): holds no run; give an output folder of 'ablate run' or 'ablate sweep', or the folder of a run")
        }
        let found = runs.map(Self.look)
        findings = found + (found.contains(where: \.isFault) ? [] : [Self.lookAtTable(in: folder)] + Self.lookAtRows(in: folder, of: runs))
    }

    private static func look(at folder: URL) -> Finding {
        let run = folder.lastPathComponent
        do {
            let text = try state(of: folder)
            return Finding(run: run, text: text, isFault: false)
        } catch {
            return Finding(run: run, text: String(describing: error), isFault: true)
        }
    }

    /// - Throws: an error that says what is wrong.
    private static func state(of folder: URL) throws -> String {
        let manifest = try Manifest(in: folder)
        // A result was compared with its digest when it was read; that of a run that failed is its parent's, and has none.
        let result = try RunStore(folder: folder.deletingLastPathComponent().path).result(in: folder)
        if let faults = manifest?.faults(in: folder, besides: result == nil ? nil : RunStore.File.result), !faults.isEmpty, !isUnderWay(folder) {
            throw InputError.data(faults.joined(separator: ", "))
        }
        let file = folder.appendingPathComponent(RunStore.File.configuration)
        let configuration = try Configuration(file: file)
        if let manifest, manifest.configurationDigest != configuration.digest {
            throw InputError.data("\(RunStore.File.configuration) is not what the manifest says")
        }
        let faults = Trainer.states(in: folder).compactMap { file in SafeTensors.fault(of: file).map { "\(file.lastPathComponent) \($0)" } }
        guard faults.isEmpty else { throw InputError.data(faults.joined(separator: ", ")) }
        if FileManager.default.fileExists(atPath: folder.appendingPathComponent(Trainer.checkpointName).path) {
            let run = try FinishedRun(folder: folder.path)
            if run.hasVocabulary { _ = try run.vocabulary() }
        } else if result?.status == .ok {
            throw InputError.data("\(Trainer.checkpointName) is missing")
        }
        guard let result else { return "not finished" }
        if result.status == .failed { return "failed before" }
        guard let files = manifest?.files else { return "readable, but its manifest has no digests to check it by" }
        return "ok, \(files.count) files as they were written"
    }

    private static func isUnderWay(_ folder: URL) -> Bool {
        !FileManager.default.fileExists(atPath: folder.appendingPathComponent(RunStore.File.result).path) && !Trainer.states(in: folder).isEmpty
    }

    private static func lookAtTable(in folder: URL) -> Finding {
        let name = RunStore.resultsFile
        let text = try? TextFile.read(folder.appendingPathComponent(name))
        guard let text else { return Finding(run: name, text: "not there yet", isFault: false) }
        let isRight = (try? RunStore(folder: folder.path).results()).map { RunResult.csv($0).text == text } ?? false
        return Finding(
            run: name, text: isRight ? "ok, the results of these runs" : "is not the table of these runs; 'ablate run' writes it anew",
            isFault: !isRight)
    }

    /// The rows from files, where there are some.
    private static func lookAtRows(in folder: URL, of runs: [URL]) -> [Finding] {
        let (store, name) = (RunStore(folder: folder.path), RunStore.rowsFile)
        let rows = runs.compactMap { try? store.result(in: $0)?.row }.filter(\.isFromFile)
        guard !rows.isEmpty || FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) else { return [] }
        do {
            let recorded = try store.recordedRows()
            guard let row = rows.first(where: { !recorded.contains($0) }) else {
                return [Finding(run: name, text: "ok, the rows of these runs", isFault: false)]
            }
            return [Finding(run: name, text: "has no row '\(row)' as its run was made: {\(row.settingsText)}", isFault: true)]
        } catch {
            return [Finding(run: name, text: String(describing: error), isFault: true)]
        }
    }
}
