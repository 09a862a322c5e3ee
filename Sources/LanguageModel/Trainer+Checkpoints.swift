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

    /// Writes a training checkpoint into the run's folder, where there is one.
    func save() throws {
        guard let directory else { return }
        countTime()
        try writeState(to: directory.appendingPathComponent(Self.stateName))
        saves.restart()
    }

    /// Adds the time since the last call to the run's.
    func countTime() {
        let now = Date()
        state.outcome.seconds += now.timeIntervalSince(start)
        start = now
    }

    /// Writes everything on which the rest of the run depends.
    func writeState(to url: URL) throws {
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
                "format": "2", "corpus-digest": corpus.digest, "state": String(decoding: try encoder.encode(snapshot), as: UTF8.self),
            ], to: url)
    }

    /// Goes back to where a checkpoint was written, by a trainer made with the same arguments.
    ///
    /// - Throws: ``CheckpointError`` when the file is damaged, or belongs to another model or another corpus; an error of the file
    ///   system when it cannot be read.
    public func resume(from url: URL) throws {
        let contents = try SafeTensors.decode(try Data(contentsOf: url, options: .mappedIfSafe))
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        guard let json = contents.metadata["state"],
            let snapshot = try? decoder.decode(TrainingState.Snapshot.self, from: Data(json.utf8)),
            snapshot.streams.count == pass.techniques.streams.count + 1
        else { throw CheckpointError("has no metadata that describes a run under way") }
        guard contents.metadata["corpus-digest"] == corpus.digest else { throw CheckpointError("belongs to a run on other text") }
        let rate = snapshot.optimizer.learningRate
        let averaged = snapshot.optimizer.averagedSteps.map {
            AveragedSGD(learningRate: rate, weightDecay: schedule.weightDecay, count: model.parameters.count, steps: $0)
        }
        try contents.fill(tensors(averaged?.average))
        optimizer = averaged ?? SGD(learningRate: rate, weightDecay: schedule.weightDecay)
        best.resume(loss: snapshot.bestLoss, lastLoss: snapshot.lastLoss)
        windowLength.stream = snapshot.streams[0]
        pass.techniques.streams = Array(snapshot.streams.dropFirst())
        state = snapshot.state
    }

    private func tensors(_ average: Matrix?) -> [(name: String, values: Matrix)] {
        [("weights", model.parameters.flat), ("best", best.weights)] + (average.map { [("average", $0)] } ?? [])
    }
}
