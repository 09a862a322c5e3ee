import Configurations
import Corpus
import Documents
import Foundation
import LanguageModel

/// How far a run of an output folder is.
public enum RunState: Equatable, Sendable {
    case new
    /// Begun and not ended: it goes on from its last checkpoint, after so many epochs.
    case unfinished(epochs: Int)
    /// Its result is `ok` or `diverged`.
    case finished
    /// Its process ended without a result of its own.
    case failed

    /// Whether there is something to do.
    func isPending(retryingFailed: Bool) -> Bool { self != .finished && (self != .failed || retryingFailed) }

    /// Epochs that need not be trained again.
    var epochs: Int { if case .unfinished(let epochs) = self { epochs } else { 0 } }

    /// In words.
    public var text: String {
        switch self {
        case .new: "new"
        case .unfinished(let epochs): "goes on after epoch \(epochs)"
        case .finished: "there already"
        case .failed: "failed before"
        }
    }
}

extension RunStore {
    /// How far a run is.
    ///
    /// - Throws: ``InputError`` (`usage`) when the folder holds a run with another configuration, on other text or by a program
    ///   that gave other figures.
    public func state(of run: PlannedRun, corpus: Corpus) throws -> RunState {
        let runFolder = folder(of: run)
        let file = runFolder.appendingPathComponent(File.configuration)
        guard FileManager.default.fileExists(atPath: file.path) else { return .new }
        let differences = try Configuration(yaml: try TextFile.read(file), file: file.path).differences(to: run.configuration)
        guard differences.isEmpty else {
            throw Self.refusal(
                runFolder, "with another configuration (there → here: \(differences.map(\.description).joined(separator: ", ")))")
        }
        let result = try result(in: runFolder)
        if result?.status == .failed { return .failed }
        if let manifest = try Manifest(in: runFolder) {
            guard manifest.corpusDigest == corpus.digest else { throw Self.refusal(runFolder, "on other text") }
            guard manifest.resultFormat == Manifest.currentResultFormat else {
                throw Self.refusal(
                    runFolder, "with result format \(manifest.resultFormat), and this program writes \(Manifest.currentResultFormat)")
            }
        } else if result != nil {
            throw Self.refusal(runFolder, "that has no \(File.manifest)")
        }
        if result != nil { return .finished }
        let checkpoint = runFolder.appendingPathComponent(Trainer.stateName)
        return FileManager.default.fileExists(atPath: checkpoint.path) ? .unfinished(epochs: epochs(in: runFolder)) : .new
    }

    private static func refusal(_ runFolder: URL, _ reason: String) -> InputError {
        .usage("\(runFolder.path) holds a run \(reason); give another folder with --out")
    }

    /// Number of epochs that are written down.
    private func epochs(in runFolder: URL) -> Int {
        let file = runFolder.appendingPathComponent(File.epochs)
        return (try? CSV(text: try TextFile.read(file), file: file.path))?.records.count ?? 0
    }
}
