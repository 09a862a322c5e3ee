import Configurations
import Documents
import Foundation
import Tables

/// How far the runs of an output folder are, wherever they are made: what their folders say, and where Slurm is at hand what it says of
/// those that wait.
public struct TableStatus: Sendable {
    /// A run.
    public struct Line: Sendable {
        public enum Kind: String, CaseIterable, Sendable {
            case done, diverged, failed, running, waiting, stopped
        }

        /// The run's name.
        public let run: String
        public let kind: Kind
        /// In words.
        public let text: String
    }

    /// In the order of their names.
    public let lines: [Line]
    /// Why Slurm could not be asked of the runs that were handed to it; nil where it was, or none was.
    public let silence: String?

    /// - Throws: ``InputError`` (`inputOutput`) when there is no run in the folder.
    public init(of store: RunStore) throws {
        let submissions = SlurmSubmission.all(in: store)
        var (entries, silence) = ([SlurmQueue.Entry](), String?.none)
        do {
            entries = try SlurmQueue.entries(ofJobs: submissions.map(\.name))
        } catch {
            silence = String(describing: error)
        }
        self.silence = silence
        var words: [String: String] = [:]
        for submission in submissions {
            for entry in entries where entry.name == submission.name {
                guard let number = entry.number, submission.tasks.indices.contains(number) else { continue }
                let run = submission.tasks[number].run
                if words[run] == nil || !entry.isOver { words[run] = (entry.isOver ? "" : "+") + entry.text }
            }
        }
        let handedOver = Set(submissions.flatMap(\.tasks).map(\.run))
        let all = Set(try store.runFolders().map(\.lastPathComponent)).union(handedOver)
        guard !all.isEmpty else {
            throw InputError.inputOutput("\(store.folder.path): holds no run; give an output folder of 'ablate run' or 'ablate sweep'")
        }
        lines = all.sorted().map { name in
            let word = words[name]
            let isQueued = word?.hasPrefix("+") ?? (silence != nil && handedOver.contains(name))
            return Self.line(name, in: store, isQueued: isQueued, words: word.map { String($0.trimmingPrefix("+")) })
        }
    }

    /// How many runs are how far, in words.
    public var summary: String {
        let counts = Line.Kind.allCases.map { kind in (lines.count { $0.kind == kind }, kind.rawValue) }.filter { $0.0 > 0 }
        return "\(lines.count.counted("run")): " + counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    /// A run a line.
    ///
    /// - Parameter width: number of columns of the terminal; nil for no bound.
    public func text(width: Int? = nil) -> String {
        AlignedText.table(
            [["run", "state", ""]] + lines.map { [$0.run, $0.kind.rawValue, $0.text] }, leftAligned: [0, 1, 2], wrapping: [0, 2], width: width)
    }

    private static func line(_ name: String, in store: RunStore, isQueued: Bool, words: String?) -> Line {
        let folder = store.folder.appendingPathComponent(name, isDirectory: true)
        do {
            if let result = try store.result(in: folder) {
                return switch result.status {
                case .ok: Line(run: name, kind: .done, text: "validation \(result.validationPerplexity.text(1)), test \(result.testPerplexity.text(1))")
                case .diverged: Line(run: name, kind: .diverged, text: "in epoch \(result.epochs)")
                case .failed: Line(run: name, kind: .failed, text: result.reason)
                }
            }
        } catch {
            return Line(run: name, kind: .failed, text: String(describing: error))
        }
        let far = store.intervals(in: folder).last.map { last in
            let perplexity = (last.validationAveragedPerplexity ?? last.validationRawPerplexity).map { ", validation \($0.text(1))" } ?? ""
            return "after epoch \(last.epoch) of \(epochs(in: folder))\(perplexity)"
        }
        func joined(_ parts: [String?]) -> String { parts.compactMap { $0 }.joined(separator: "; ") }
        if let machine = FolderLock.machine(holding: folder) {
            return Line(run: name, kind: .running, text: joined([far, words ?? "on \(machine)"]))
        }
        return Line(run: name, kind: isQueued ? .waiting : .stopped, text: joined([far, words]))
    }

    private static func epochs(in folder: URL) -> String {
        let file = folder.appendingPathComponent(RunStore.File.configuration)
        let configuration = (try? TextFile.read(file)).flatMap { try? Configuration(yaml: $0, file: file.path) }
        return configuration.map { "\($0.schedule.largestEpochs)" } ?? "?"
    }
}

extension RunStore {
    /// Writes `results.csv` and `table.csv` anew from the runs' results, unless a command is at work in the folder, which does so itself.
    ///
    /// - Returns: the other command's machine; nil where the tables were written.
    /// - Throws: `InputError` when a file is damaged, or cannot be written.
    public func collect(published: PublishedTable) throws -> String? {
        if let machine = FolderLock.machine(holding: folder) { return machine }
        let lock = try FolderLock(folder)
        defer { lock.release() }
        try writeTables(of: try results(), published: published)
        return nil
    }
}
