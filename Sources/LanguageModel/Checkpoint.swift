import Foundation
import Kernels

/// A model in a file: safetensors (float32), with what is needed to build the model in the metadata.
public enum Checkpoint {
    /// What a checkpoint says of itself beside its weights.
    public struct Metadata: Equatable, Sendable {
        /// The epoch in which it was written, or after which.
        public var epoch: Int
        /// Digest of the vocabulary that gives the word ids their meaning.
        public var vocabularyDigest: String

        public init(epoch: Int, vocabularyDigest: String) {
            self.epoch = epoch
            self.vocabularyDigest = vocabularyDigest
        }
    }

    /// Writes the model, whole or not at all.
    ///
    /// - Throws: `InputError` (`inputOutput`) naming the file and the cause.
    public static func write(_ model: LanguageModel, metadata: Metadata, to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let description = [
            "format": "2",
            "model": String(decoding: try encoder.encode(model.configuration), as: UTF8.self),
            "vocabulary-size": String(model.vocabularySize),
            "vocabulary-digest": metadata.vocabularyDigest,
            "epoch": String(metadata.epoch),
        ]
        try SafeTensors.write(model.parameters.tensors, metadata: description, to: url)
    }

    /// Reads a model.
    ///
    /// - Throws: ``CheckpointError`` when the file is damaged or is no checkpoint; an error of the file system when it
    ///   cannot be read.
    public static func read(_ url: URL) throws -> (model: LanguageModel, metadata: Metadata) {
        try read(try Data(contentsOf: url, options: .mappedIfSafe))
    }

    /// Reads a model from the bytes of its file.
    ///
    /// - Throws: ``CheckpointError`` when the file is damaged or is no checkpoint.
    package static func read(_ file: Data) throws -> (model: LanguageModel, metadata: Metadata) {
        let contents = try SafeTensors.decode(file)
        // Files of format 1 have no checksum of the header.
        let format = contents.metadata["format"] ?? "none"
        guard format == "1" || (format == "2" && contents.isChecked) else {
            throw CheckpointError("is of format \(format)\(format == "2" ? " without its checksums" : ", and this program reads 1 and 2")")
        }
        guard let json = contents.metadata["model"],
            let configuration = try? JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8)),
            let vocabularySize = contents.metadata["vocabulary-size"].flatMap(Int.init), vocabularySize > 0,
            let vocabularyDigest = contents.metadata["vocabulary-digest"],
            let epoch = contents.metadata["epoch"].flatMap(Int.init)
        else { throw CheckpointError("has no metadata that describes a model") }
        // Nothing is computed from sizes that the file cannot hold.
        let sizes = [configuration.effectiveEmbeddingSize, configuration.hiddenSize, vocabularySize]
        guard sizes.allSatisfy({ $0 > 0 && $0 <= contents.payloadSize }), configuration.layers > 0,
            configuration.layers <= contents.tensorCount
        else { throw CheckpointError("describes a model of sizes that do not fit its weights") }
        try contents.check(configuration.parameterShapes(vocabularySize: vocabularySize))
        guard configuration.zoneout >= 0, configuration.zoneout < 1 else { throw CheckpointError("describes a model whose zoneout is no probability") }
        let model = LanguageModel(configuration, vocabularySize: vocabularySize)
        try contents.fill(model.parameters.tensors)
        for (name, values) in model.parameters.tensors where !values.isFinite {
            throw CheckpointError("tensor \(name) holds values that are not finite numbers")
        }
        return (model, Metadata(epoch: epoch, vocabularyDigest: vocabularyDigest))
    }
}
