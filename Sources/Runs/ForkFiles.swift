import Documents
import Foundation
import LanguageModel
import Synchronization

/// The files through which runs of an output folder start from others; each goes when nothing needs it any more.
final class ForkFiles: Sendable {
    private let shared: SharedSteps
    private let store: RunStore
    /// The names of the runs that need no fork any more.
    private let served = Mutex(Set<String>())

    init(_ shared: SharedSteps, in store: RunStore) {
        self.shared = shared
        self.store = store
    }

    /// The starts whose file is there.
    var there: [SharedSteps.Start] { shared.starts.values.filter { FileManager.default.fileExists(atPath: file($0).path) } }

    /// The file that a run starts from; nil where there is none.
    func file(for run: PlannedRun) -> URL? {
        shared.starts[run.name].map(file).flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }

    /// Takes note that a run has a state of its own, or will have none.
    func serve(_ run: PlannedRun) {
        guard let start = shared.starts[run.name] else { return }
        let isNeeded = served.withLock { served in
            served.insert(run.name)
            return !served.isSuperset(of: shared.branches(from: start))
        }
        if !isNeeded { try? FileManager.default.removeItem(at: file(start)) }
    }

    /// Removes what killed commands have left in the runs' folders: forks that no run needs any more, and checkpoints of runs that have
    /// come to a result.
    func removeRest(of runs: [PlannedRun]) {
        let needed = served.withLock { served in shared.starts.filter { !served.contains($0.key) }.map { file($0.value).path } }
        for folder in runs.map(store.folder(of:)) where !DurableFile.isSymbolicLink(folder) {
            if let result = try? store.result(in: folder), result.status != .failed { Trainer.removeStates(in: folder) }
            let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
            for file in files where TrainingMoment(forkFile: file) != nil && !needed.contains(file.path) {
                try? FileManager.default.removeItem(at: file)
            }
        }
    }

    private func file(_ start: SharedSteps.Start) -> URL {
        store.folder.appendingPathComponent(start.origin, isDirectory: true).appendingPathComponent(Trainer.forkName(start.moment))
    }
}
