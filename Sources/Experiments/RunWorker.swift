import Corpus
import Foundation
import LanguageModel

/// What a child process does: one run, or one probe, in the folder prepared for it.
public struct RunWorker {
    private let folder: URL
    private let library: DatasetLibrary

    public init(folder: String, library: DatasetLibrary) {
        self.folder = URL(fileURLWithPath: folder, isDirectory: true)
        self.library = library
    }

    /// Trains with the folder's configuration, and writes epochs, checkpoint and result into the folder.
    ///
    /// - Throws: `CorpusError`, ``ExperimentError`` or an error of the file system.
    public func train(row: Row) throws {
        let run = PlannedRun(row: row, full: try fullConfiguration())
        let corpus = try corpus(of: run.configuration)
        var result = RunResult(of: run, corpus: corpus)
        var epochs: [EpochMetrics] = []
        let outcome = try trainer(run.configuration, corpus: corpus, directory: folder).train { progress in
            send(.progress(progress))
        } onEpoch: { epoch in
            epochs.append(epoch)
            try TextFile.write(EpochMetrics.csv(epochs).text, to: folder.appendingPathComponent(RunStore.File.epochs))
            send(.epoch(epoch))
        }
        result.record(outcome, epochs: epochs)
        try RunStore.write(result, into: folder)
    }

    /// Measures training tokens a second with the folder's configuration.
    public func probe(seconds: Double) throws {
        let configuration = try configuration()
        let corpus = try corpus(of: configuration)
        send(.rate(try trainer(configuration, corpus: corpus, directory: nil).probe(seconds: seconds)))
    }

    /// Ends this process when its standard input ends, that is, when its parent is gone.
    public static func endWithParent() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            _exit(EXIT_FAILURE)
        }
    }

    private func configuration() throws -> Configuration {
        let file = folder.appendingPathComponent(RunStore.File.configuration)
        return try Configuration(yaml: try TextFile.read(file), file: file.path)
    }

    /// The full model's, from which the run's row makes the folder's.
    private func fullConfiguration() throws -> Configuration {
        let file = folder.appendingPathComponent(RunStore.File.difference)
        return try configuration().full(differenceYAML: try TextFile.read(file), file: file.path)
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
