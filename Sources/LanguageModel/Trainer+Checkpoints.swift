import Documents
import Foundation
import Kernels
import Optimizers

/// Training that ended when it was asked to, with a checkpoint from which it can go on.
public struct TrainingStopped: Error {
    public init() {}
}

extension Trainer {
    /// Where training goes on from, in the run's folder: raw, averaged and best weights, and all else in the metadata.
    public static let stateName = "training.safetensors"
    /// The training checkpoint before that, for the case that the disk spoils the last.
    public static let previousStateName = "training.previous.safetensors"

    /// Writes a training checkpoint into the run's folder, where there is one.
    func save() throws {
        guard let directory else { return }
        countTime()
        try writeState(
            to: directory.appendingPathComponent(Self.stateName), keepingPreviousAs: directory.appendingPathComponent(Self.previousStateName))
        saves.restart()
    }

    /// The training checkpoints that are in a run's folder, the last one first.
    public static func states(in folder: URL) -> [URL] {
        [stateName, previousStateName].map(folder.appendingPathComponent).filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// Removes the training checkpoints of a run that has ended; the last one at the end, lest the one before it be taken for it.
    public static func removeStates(in folder: URL) {
        for file in states(in: folder).reversed() { try? FileManager.default.removeItem(at: file) }
    }

    /// Adds the time since the last call to the run's.
    func countTime() {
        state.outcome.seconds += clock.seconds
        clock = Stopwatch()
    }

    /// Writes everything on which the rest of the run depends.
    ///
    /// - Parameter previous: keeps the file that is replaced under this name; nil not to keep it.
    func writeState(to url: URL, keepingPreviousAs previous: URL? = nil) throws {
        let averaged = optimizer as? AveragedSGD
        let snapshot = TrainingState.Snapshot(
            state: state, optimizer: .init(learningRate: optimizer.learningRate, averagedSteps: averaged?.steps),
            bestLoss: best.loss, lastLoss: best.lastLoss, streams: [windowLength.stream] + pass.techniques.streams)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        try SafeTensors.write(
            tensors(averaged?.average),
            metadata: [
                "format": "3", "corpus-digest": corpus.digest, "vocabulary-digest": corpus.vocabulary.digest,
                "model": String(decoding: try encoder.encode(model.configuration), as: UTF8.self),
                "state": String(decoding: try encoder.encode(snapshot), as: UTF8.self),
            ], to: url, keepingPreviousAs: previous)
    }

    /// Goes back to where a checkpoint was written, by a trainer made with the same arguments.
    ///
    /// - Throws: ``CheckpointError`` when the file is damaged, or belongs to another model or another corpus; an error of the file
    ///   system when it cannot be read.
    public func resume(from url: URL) throws {
        try resume(try Data(contentsOf: url, options: .mappedIfSafe))
    }

    /// Goes back to where a checkpoint was written, from the bytes of its file.
    ///
    /// - Throws: as ``resume(from:)`` does.
    package func resume(_ file: Data) throws {
        let contents = try SafeTensors.decode(file)
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        guard let json = contents.metadata["state"], let snapshot = try? decoder.decode(TrainingState.Snapshot.self, from: Data(json.utf8)) else {
            throw CheckpointError("has no metadata that describes a run under way")
        }
        // Files of format 2 have no checksum of the header, and no description of the model.
        guard contents.metadata["format"] == "2" || (contents.metadata["format"] == "3" && contents.isChecked) else {
            throw CheckpointError("is of another format, and this program reads 2 and 3")
        }
        if let there = contents.metadata["model"].flatMap({ try? decoder.decode(ModelConfiguration.self, from: Data($0.utf8)) }) {
            let differences = there.architectureDifferences(to: model.configuration)
            guard differences.isEmpty else { throw CheckpointError("belongs to another model: \(differences.joined(separator: "; "))") }
        }
        if let there = contents.metadata["vocabulary-digest"], there != corpus.vocabulary.digest {
            throw CheckpointError("belongs to a run with another vocabulary: SHA-256 \(there.prefix(64)) there, \(corpus.vocabulary.digest) here")
        }
        let text = contents.metadata["corpus-digest"] ?? "unknown"
        guard text == corpus.digest else {
            throw CheckpointError("belongs to a run on other text: SHA-256 \(text.prefix(64)) there, \(corpus.digest) here")
        }
        guard snapshot.streams.count == pass.techniques.streams.count + 1 else { throw CheckpointError("has no metadata that describes a run under way") }
        if let fault = snapshot.fault(schedule: schedule, zero: model.zeroState(batchSize: schedule.batchSize)) {
            throw CheckpointError("describes a run that cannot be under way: \(fault)")
        }
        let rate = snapshot.optimizer.learningRate
        let averaged = snapshot.optimizer.averagedSteps.flatMap { steps in
            average.map { AveragedSGD(learningRate: rate, weightDecay: schedule.weightDecay, average: $0, steps: steps) }
        }
        try contents.fill(tensors(averaged?.average))
        optimizer = averaged ?? SGD(learningRate: rate, weightDecay: schedule.weightDecay)
        best.resume(loss: snapshot.bestLoss, lastLoss: snapshot.lastLoss)
        windowLength.stream = snapshot.streams[0]
        pass.techniques.streams = Array(snapshot.streams.dropFirst())
        state = snapshot.state
        // The file of the best weights may have been lost or be of a later interval, which comes again.
        if let place = state.outcome.bestInterval, state.intervals.indices.contains(place - 1) {
            try best.restore(to: model, epoch: state.intervals[place - 1].epoch)
        }
    }

    private func tensors(_ average: Matrix?) -> [(name: String, values: Matrix)] {
        [("weights", model.parameters.flat), ("best", best.weights)] + (average.map { [("average", $0)] } ?? [])
    }
}
