import Documents
import Foundation
import LanguageModel
import Synchronization

/// The files through which runs of an output folder start from others; each goes when nothing needs it any more.
final class ForkFiles: Sendable {
    private let shared: SharedSteps
    private let store: RunStore
    private let isOneOfMany: Bool
    /// The names of the runs that need no fork any more, of those that this process has to do with.
    private let served = Mutex(Set<String>())

    /// - Parameter isOneOfMany: whether other processes make runs of the same folder.
    init(_ shared: SharedSteps, in store: RunStore, isOneOfMany: Bool = false) {
        self.shared = shared
        self.store = store
        self.isOneOfMany = isOneOfMany
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
        _ = served.withLock { $0.insert(run.name) }
        if !shared.branches(from: start).contains(where: needsFork) { try? FileManager.default.removeItem(at: file(start)) }
    }

    private func needsFork(_ name: String) -> Bool {
        let folder = store.folder.appendingPathComponent(name, isDirectory: true)
        return !served.withLock { $0.contains(name) } && !(isOneOfMany && (!Trainer.states(in: folder).isEmpty || store.hasResult(in: folder)))
    }

    /// Removes what killed commands have left in the runs' folders: forks that no run needs any more, and checkpoints of runs that have
    /// come to a result.
    func removeRest(of runs: [PlannedRun]) {
        let needed = shared.starts.filter { needsFork($0.key) }.map { file($0.value).path }
        for folder in runs.map(store.folder(of:)) where !DurableFile.isSymbolicLink(folder) {
            if store.lastingResult(in: folder) != nil { Trainer.removeStates(in: folder) }
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
