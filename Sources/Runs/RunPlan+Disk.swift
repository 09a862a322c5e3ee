import Documents
import Foundation
import LanguageModel

extension RunPlan {
    /// Bytes that the pending runs write at most: each its best weights, and those side by side three training checkpoints (the last, the
    /// one before and the next, under its temporary name) of raw, best and averaged weights; and such a state for each moment from which others start.
    var diskNeed: Int {
        let all = zip(runs, corpora).map { run, corpus in
            (run: run, bytes: 4 * run.configuration.model.parameterCount(vocabularySize: corpus.vocabulary.count))
        }
        let weights = all.filter { pending.contains($0.run) }.map(\.bytes)
        let forks = all.reduce(0) { $0 + 3 * $1.bytes * shared.moments(of: $1.run.name).count }
        // The state in a checkpoint's metadata, tables and manifests.
        let others = 2_000_000
        return forks + weights.reduce(0) { $0 + $1 + others } + weights.sorted(by: >).prefix(jobs).reduce(0) { $0 + 10 * $1 }
    }

    /// Makes sure that the disk has room for the pending runs.
    ///
    /// - Throws: ``InputError`` (`inputOutput`) with what is needed and what there is.
    public func checkDiskSpace(in folder: URL) throws {
        guard let free = Self.freeBytes(in: folder), free < diskNeed else { return }
        throw InputError.inputOutput(
            "\(folder.path): the runs need about \(diskNeed.bytesText) of disk, and there are \(free.bytesText) free; make room, or give another folder with --out")
    }

    /// Nil where the system does not tell.
    private static func freeBytes(in folder: URL) -> Int? {
        var facts = statvfs()
        guard statvfs(folder.path, &facts) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: facts.f_bavail).multipliedReportingOverflow(by: Int(clamping: facts.f_frsize))
        return overflow ? nil : bytes
    }
}
