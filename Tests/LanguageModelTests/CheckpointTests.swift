import Foundation
import Kernels
import LanguageModel
import NaiveTwins
import Recurrent
import Testing

@Suite struct CheckpointTests {
    private func model(_ cell: CellKind = .gru) throws -> LanguageModel {
        var configuration = SmallText.configuration
        configuration.cell = cell
        return try LanguageModel(configuration, vocabularySize: 7, seed: 3)
    }

    private let metadata = Checkpoint.Metadata(epoch: 12, vocabularyDigest: "abc")

    /// Runs `body` with the place of a file that does not exist yet, in a folder of its own.
    private func withFile<Result>(_ body: (URL) throws -> Result) throws -> Result {
        try withTemporaryFolder { try body($0.appendingPathComponent("best.safetensors")) }
    }

    private func bytes(_ model: LanguageModel) throws -> Data {
        try withFile {
            try Checkpoint.write(model, metadata: metadata, to: $0)
            return try Data(contentsOf: $0)
        }
    }

    private func read(_ bytes: Data) throws -> (model: LanguageModel, metadata: Checkpoint.Metadata) {
        try withFile {
            try bytes.write(to: $0)
            return try Checkpoint.read($0)
        }
    }

    @Test(arguments: CellKind.allCases) func whatIsReadIsWhatWasWritten(cell: CellKind) throws {
        let model = try model(cell)
        model.parameters["decoder.bias"][0, 3] = -.leastNonzeroMagnitude
        let (read, metadata) = try read(bytes(model))
        #expect(read.configuration == model.configuration)
        #expect(read.vocabularySize == 7)
        #expect(metadata == self.metadata)
        #expect(read.parameters.flat.toArray().map(\.bitPattern) == model.parameters.flat.toArray().map(\.bitPattern))
    }

    /// The layout that other readers of safetensors rely on, taken apart by hand.
    @Test func theFileIsSafetensors() throws {
        let model = try model()
        let file = try bytes(model)
        let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        #expect((8 + length) % 8 == 0, "the values are aligned")
        let json = try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length))
        let header = try #require(json as? [String: [String: Any]])
        let payload = Data(file.dropFirst(8 + length))
        #expect(payload.count == 4 * model.parameters.count)
        #expect(Set(header.keys) == Set(model.parameters.shapes.map(\.name) + ["__metadata__"]))
        let entry = try #require(header["layers.1.weight_hh"])
        #expect(entry["dtype"] as? String == "F32")
        #expect(entry["shape"] as? [Int] == [3 * 6, 6])
        let offsets = try #require(entry["data_offsets"] as? [Int])
        let values = payload[offsets[0]..<offsets[1]].withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        #expect(values == model.parameters["layers.1.weight_hh"].toArray())
        #expect(header["__metadata__"]?.values.allSatisfy { $0 is String } == true)
    }

    @Test func writingReplacesAnEarlierCheckpoint() throws {
        try withFile { url in
            try Checkpoint.write(model(.lstm), metadata: metadata, to: url)
            try Checkpoint.write(model(.gru), metadata: .init(epoch: 13, vocabularyDigest: "abc"), to: url)
            let (read, metadata) = try Checkpoint.read(url)
            #expect(read.configuration.cell == .gru && metadata.epoch == 13)
            #expect(try FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path).count == 1)
        }
    }

    @Test func aFileCutShortAnywhereIsRefused() throws {
        let file = try bytes(model())
        for length in [0, 1, 7, 8, 9, 100, file.count / 2, file.count - 4, file.count - 1] {
            #expect(throws: CheckpointError.self, "\(length) bytes") { try read(file.prefix(length)) }
        }
        #expect(throws: CheckpointError.self) { try read(file + [0]) }
    }

    @Test func aFlippedBitInTheWeightsIsFound() throws {
        let file = try bytes(model())
        let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        var random = NaiveRandom(seed: 1)
        for _ in 0..<20 {
            var damaged = file
            let position = Int.random(in: 8 + length..<file.count, using: &random)
            damaged[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: CheckpointError.self) { try read(damaged) }
        }
    }

    /// Whatever is in the header, reading gives an error and never stops the process.
    @Test func aDamagedHeaderNeverStopsTheProcess() throws {
        let file = try bytes(model())
        let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let replacements = Array("9-0e{".utf8) + [0xFF]
        try withFile { url in
            try file.write(to: url)
            let handle = try FileHandle(forUpdating: url)
            defer { try? handle.close() }
            for position in 0..<8 + length {
                var damaged = file
                damaged[position] = replacements[position % replacements.count]
                try handle.seek(toOffset: 0)
                try handle.write(contentsOf: damaged)
                if damaged != file { #expect(throws: CheckpointError.self, "byte \(position)") { try Checkpoint.read(url) } }
            }
        }
    }

    /// Values that do not fit, each put in place of a right one.
    @Test(arguments: [
        (#""layers":2"#, #""layers":-1"#), (#""layers":2"#, #""layers":0"#), (#""layers":2"#, #""layers":3"#),
        (#""layers":2"#, #""layers":900000000000"#), (#""hiddenSize":9"#, #""hiddenSize":0"#),
        (#""hiddenSize":9"#, #""hiddenSize":-9"#), (#""hiddenSize":9"#, #""hiddenSize":4000000000000000000"#),
        (#""embeddingSize":6"#, #""embeddingSize":4000000000000000000"#), (#""embeddingSize":6"#, #""embeddingSize":5"#),
        (#""embeddingSize":6"#, #""embeddingSize":-6"#),
        (#""vocabulary-size":"7""#, #""vocabulary-size":"9000000000000000000""#),
        (#""vocabulary-size":"7""#, #""vocabulary-size":"8""#), (#""vocabulary-size":"7""#, #""vocabulary-size":"-7""#),
        (#""shape":[7,6]"#, #""shape":[9000000000000000000,9]"#), (#""shape":[7,6]"#, #""shape":[6,6]"#),
        (#""dtype":"F32""#, #""dtype":"F16""#), (#""data_offsets":[0,"#, #""data_offsets":[-9223372036854775808,"#),
        (#""data_offsets":[0,"#, #""data_offsets":[9223372036854775807,"#), (#""data_offsets":[0,"#, #""data_offsets":[4,"#),
        (#""data_offsets":[0,"#, #""data_offsets":[1,2,"#), ("0.weight_ih", "0.weight_hi"),
    ])
    func aHeaderThatDoesNotFitIsRefused(change: (from: String, to: String)) throws {
        let file = try bytes(model())
        let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        // As a file of format 1, whose header no checksum covers, or that would be what is found.
        let header = try #require(String(data: file.dropFirst(8).prefix(length), encoding: .utf8))
            .replacingOccurrences(of: #""format":"2""#, with: #""format":"1""#).replacing(/"header-sha256":"[0-9a-f]{64}",/, with: "")
        // The model's own description is JSON within JSON.
        let quoted = header.contains(change.from) ? change : (escaped(change.from), escaped(change.to))
        try #require(header.contains(quoted.0), "the header has no \(change.from): \(header)")
        let damaged = Data(header.replacingOccurrences(of: quoted.0, with: quoted.1).utf8)
        var result = withUnsafeBytes(of: UInt64(damaged.count).littleEndian) { Data($0) }
        result.append(damaged)
        result.append(file.dropFirst(8 + length))
        #expect(throws: CheckpointError.self) { try read(result) }
    }

    private func escaped(_ text: String) -> String { text.replacingOccurrences(of: "\"", with: "\\\"") }

    @Test func whatIsNoCheckpointIsRefused() throws {
        for text in ["", "hello", "{}", String(repeating: "x", count: 1000)] {
            #expect(throws: CheckpointError.self) { try read(Data(text.utf8)) }
        }
        let empty = withUnsafeBytes(of: UInt64(2).littleEndian) { Data($0) } + Data("{}".utf8)
        #expect(throws: CheckpointError.self) { try read(empty) }
        let list = withUnsafeBytes(of: UInt64(2).littleEndian) { Data($0) } + Data("[]".utf8)
        #expect(throws: CheckpointError.self) { try read(list) }
        #expect(throws: (any Error).self) { try withFile { try Checkpoint.read($0) } }
    }
}
