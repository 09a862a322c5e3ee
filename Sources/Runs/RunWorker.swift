import Configurations
import Corpus
import Documents
import Foundation
import LanguageModel
import Tables

/// What a child process does: one run, or one probe, in the folder prepared for it.
public struct RunWorker {
    /// So many seconds a worker whose parent was killed may take to write its last checkpoint.
    static let orphansPatience = 30.0

    private let folder: URL
    private let library: DatasetLibrary
    private let commit: String

    /// - Parameter commit: of the program, as its parent found it.
    public init(folder: String, library: DatasetLibrary, commit: String) {
        self.commit = commit
        self.folder = URL(fileURLWithPath: folder, isDirectory: true)
        self.library = library
    }

    /// Trains with the folder's configuration, from its checkpoint where there is one, and writes intervals, checkpoints and result into
    /// the folder.
    ///
    /// - Parameters:
    ///   - fork: the file of another run's state to start from, where there is no checkpoint; one that is damaged or gone is passed over.
    ///   - forks: the moments at which others will start from this run.
    ///   - isWaiting: waits, however long, for another process that makes the same run, and leaves alone what that has come to.
    ///   - recordsEvents: whether TensorBoard's event file is written too.
    ///   - shouldStop: asked after each window; once true, training ends with a checkpoint.
    /// - Throws: `TrainingStopped`; `InputError` or an error of the file system.
    public func train(
        row: Row, from fork: String? = nil, forks: [TrainingMoment] = [], isWaiting: Bool = false, recordsEvents: Bool = false,
        shouldStop: () -> Bool
    ) throws {
        let lock: FolderLock
        do {
            lock = try FolderLock(folder, patience: isWaiting ? .infinity : Self.orphansPatience, shouldStop: shouldStop)
        } catch {
            throw shouldStop() ? TrainingStopped() : error
        }
        defer { lock.release() }
        if isWaiting, try RunStore(folder: folder.deletingLastPathComponent().path).result(in: folder) != nil { return }
        DurableFile.removeLeftovers(in: folder)
        FolderLock.removeLeftovers(in: folder)
        let run = try PlannedRun(folder: folder, row: row)
        let corpus = try corpus(of: run.configuration)
        var trainer = try trainer(run.configuration, corpus: corpus, directory: folder)
        var manifest = Manifest(run.configuration, corpus: corpus, commit: commit)
        if try resume(trainer) {
            if let earlier = try Manifest(in: folder) {
                manifest.start = earlier.start
                manifest.continued = earlier.continued + [Date()]
                manifest.origin = earlier.origin
            }
        } else if let fork {
            let file = URL(fileURLWithPath: fork)
            do {
                try trainer.start(from: file)
                manifest.origin = .init(
                    run: file.deletingLastPathComponent().lastPathComponent,
                    moment: TrainingMoment(forkFile: file)?.name ?? file.lastPathComponent, steps: trainer.steps)
                send(.startedFromFork(epochs: trainer.outcome.epochs))
            } catch is CheckpointError, is CocoaError {
                trainer = try self.trainer(run.configuration, corpus: corpus, directory: folder)
            }
        }
        try manifest.write(into: folder)
        try corpus.vocabulary.write(to: folder.appendingPathComponent(RunStore.File.vocabulary))
        let events = recordsEvents ? EventFile(in: folder, start: manifest.start) : nil
        try writeIntervals(of: trainer, schedule: run.configuration.schedule, events: events)
        trainer.forks = forks.filter { !trainer.hasPassed($0) }
        trainer.onFork = { send(.fork($0.name)) }
        for moment in forks where trainer.hasPassed(moment) { send(.fork(moment.name)) }
        let outcome = try trainer.train { progress in
            send(.progress(progress))
        } onInterval: { interval in
            try writeIntervals(of: trainer, schedule: run.configuration.schedule, events: events)
            send(.interval(interval))
        } shouldStop: { shouldStop() } shouldStopJudging: { shouldStop() }
        var result = RunResult(of: run, corpus: corpus)
        result.record(outcome, intervals: trainer.intervals)
        try RunStore.write(trainer.validationBlocks, into: folder)
        // Last the result, which says that the run has ended; the manifest has its digest by then.
        manifest.end = Date()
        manifest.files = try RunStore.digests(in: folder, of: result)
        try manifest.write(into: folder)
        try RunStore.write(result, into: folder)
        Trainer.removeStates(in: folder)
    }

    /// Goes on from the last training checkpoint or, where that is damaged, from the one before it.
    ///
    /// - Returns: whether there is one.
    private func resume(_ trainer: Trainer) throws -> Bool {
        let files = Trainer.states(in: folder)
        var fault: InputError?
        for file in files {
            do {
                try trainer.resume(from: file)
            } catch let error as CheckpointError {
                fault = fault ?? .data("\(file.path): \(error)")
                continue
            } catch let error as CocoaError {
                throw InputError.reading(file, error)
            }
            if let fault {
                send(.warning("\(fault.message); goes on from \(file.lastPathComponent), the checkpoint before it"))
                // The damaged one must not be kept in place of the good one when the next is written.
                guard rename(file.path, files[0].path) == 0 else {
                    throw InputError.inputOutput("\(files[0].path): cannot be written: \(String(cString: strerror(errno)))")
                }
            }
            return true
        }
        if let fault { throw InputError.data("\(fault.message); without this file\(files.count > 1 ? " and \(Trainer.previousStateName)" : "") the run starts anew") }
        return false
    }

    private func writeIntervals(of trainer: Trainer, schedule: TrainingSchedule, events: EventFile?) throws {
        let name = schedule.loggingInterval == 0 ? RunStore.File.epochs : RunStore.File.intervals
        let csv = IntervalMetrics.csv(trainer.intervals, schedule: schedule, outcome: trainer.outcome)
        try TextFile.write(csv.text, to: folder.appendingPathComponent(name))
        try events?.write(trainer.intervals)
    }

    /// Measures training tokens a second with the folder's configuration.
    public func probe(seconds: Double) throws {
        let configuration = try configuration()
        let corpus = try corpus(of: configuration)
        send(.rate(try trainer(configuration, corpus: corpus, directory: nil).probe(seconds: seconds)))
    }

    private func configuration() throws -> Configuration {
        try Configuration(file: folder.appendingPathComponent(RunStore.File.configuration))
    }

    private func corpus(of configuration: Configuration) throws -> Corpus {
        try library.load(Dataset(argument: configuration.dataset), trainingTokens: configuration.trainingTokens)
    }

    private func trainer(_ configuration: Configuration, corpus: Corpus, directory: URL?) throws -> Trainer {
        try Trainer(
            model: configuration.model, schedule: configuration.schedule, corpus: corpus, seed: UInt64(configuration.seed),
            threads: configuration.threads, directory: directory)
    }

    private func send(_ message: ProgressMessage) {
        // A parent that cannot be reached is gone, and this process ends with it.
        guard let line = try? message.line else { return }
        try? FileHandle.standardOutput.write(contentsOf: line)
    }
}
