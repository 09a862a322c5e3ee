import Configurations
import Corpus
import Documents
import Foundation
import LanguageModel

/// How far a run of an output folder is.
enum RunState: Equatable, Sendable {
    case new
    /// Begun and not ended: it goes on from its last checkpoint, after so many whole epochs and, where it is not judged after each epoch,
    /// so many intervals.
    case unfinished(epochs: Int, intervals: Int?)
    /// Its result is `ok` or `diverged`.
    case finished
    /// Its process ended without a result of its own.
    case failed

    /// Whether there is something to do.
    func isPending(retryingFailed: Bool) -> Bool { self != .finished && (self != .failed || retryingFailed) }

    /// Epochs that need not be trained again.
    var epochs: Int { if case .unfinished(let epochs, _) = self { epochs } else { 0 } }

    /// Whether a run so far can come to a moment once it is trained on; the worker knows for sure.
    ///
    /// - Parameter isFired: whether the criterion has fired in it.
    func canReach(_ moment: TrainingMoment, isFired: Bool) -> Bool {
        switch self {
        case .new, .failed: true
        case .unfinished(let epochs, _): !(moment.isCriterion && isFired) && moment.epoch.map { epochs < $0 } ?? true
        case .finished: false
        }
    }

    /// In words.
    var text: String {
        switch self {
        case .new: "new"
        case .unfinished(let epochs, nil): "goes on after epoch \(epochs)"
        case .unfinished(_, let intervals?): "goes on after interval \(intervals)"
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
    func state(of run: PlannedRun, corpus: Corpus) throws -> RunState {
        let runFolder = folder(of: run)
        let file = runFolder.appendingPathComponent(File.configuration)
        guard FileManager.default.fileExists(atPath: file.path) else { return .new }
        let differences = try Configuration(file: file).differences(to: run.configuration)
        guard differences.isEmpty else {
            throw Self.refusal(
                runFolder, "with another configuration (there → here: \(differences.map(\.description).joined(separator: ", ")))")
        }
        let result = try result(in: runFolder)
        if result?.status == .failed { return .failed }
        let manifest = try Manifest(in: runFolder)
        if let manifest {
            guard manifest.corpusDigest == corpus.digest else { throw Self.refusal(runFolder, "on other text") }
            guard manifest.resultFormat == Manifest.currentResultFormat else {
                throw Self.refusal(
                    runFolder, "with result format \(manifest.resultFormat), and this program writes \(Manifest.currentResultFormat)")
            }
        } else if result != nil {
            throw Self.refusal(runFolder, "that has no \(File.manifest)")
        }
        // Between manifest and result the run was stopped: it comes to its end again.
        if result == nil, !Trainer.states(in: runFolder).isEmpty { return unfinished(in: runFolder) }
        // A result was compared with its digest when it was read.
        let faults = manifest?.faults(in: runFolder, besides: result == nil ? nil : File.result) ?? []
        guard faults.isEmpty else {
            throw InputError.data(
                "\(runFolder.path): is the folder of a finished run, but \(faults.joined(separator: ", ")); put it back as it was, or "
                    + "delete the folder to have the run made anew ('ablate verify' looks at all runs)")
        }
        return result == nil ? .new : .finished
    }

    private static func refusal(_ runFolder: URL, _ reason: String) -> InputError {
        .usage("\(runFolder.path) holds a run \(reason); give another folder with --out")
    }

    /// What is written down of a run under way, in whichever file is there.
    private func unfinished(in runFolder: URL) -> RunState {
        if let intervals = table(File.intervals, in: runFolder) {
            // The epoch of the last judgement may not be over.
            let epoch = intervals.records.last?.dropFirst().first.flatMap { Int($0) } ?? 1
            return .unfinished(epochs: max(1, epoch) - 1, intervals: intervals.records.count)
        }
        return .unfinished(epochs: table(File.epochs, in: runFolder)?.records.count ?? 0, intervals: nil)
    }

    /// How far a run of the plan is, for those that may start from it, or it from them.
    func candidate(_ run: PlannedRun, state: RunState, isPending: Bool) -> SharedSteps.Candidate {
        let runFolder = folder(of: run)
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: runFolder.appendingPathComponent(name).path) }
        let judgements = [File.intervals, File.epochs].compactMap { table($0, in: runFolder) }.first
        let isFired = judgements.map { $0.rows.contains { $0["trigger"] == "true" } } ?? false
        return SharedSteps.Candidate(run: run, isNew: isPending && Trainer.states(in: runFolder).isEmpty) { moment in
            isThere(Trainer.forkName(moment)) || (isPending && state.canReach(moment, isFired: isFired))
        }
    }

    /// The judgements of a run so far, in whichever file is there.
    func intervals(in runFolder: URL) -> [IntervalMetrics] {
        let judgements = [File.intervals, File.epochs].compactMap { table($0, in: runFolder) }.first
        return judgements?.rows.compactMap(IntervalMetrics.init) ?? []
    }

    private func table(_ name: String, in runFolder: URL) -> CSV? {
        let file = runFolder.appendingPathComponent(name)
        return try? CSV(text: try TextFile.read(file), file: file.path)
    }
}
