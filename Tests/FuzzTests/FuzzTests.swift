import Foundation
import FuzzTargets
import LanguageModel
import ProjectFolders
import Testing

/// The short form of `Scripts/fuzz`: altered seeds through each reader, ten seconds each. A file that ends the process is left in the folder
/// for temporary files, under the name printed at the start.
@Suite(.serialized) struct FuzzTests {
    private static let seconds = ProcessInfo.processInfo.environment["ABLATE_FUZZ_SECONDS"].flatMap(Double.init) ?? 10

    private func seeds(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = projectRoot.appendingPathComponent("Tests/FuzzTests/Seeds/\(target.rawValue)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
    }

    /// Seeds that are refused at the door would lead nowhere.
    @Test(arguments: FuzzTarget.allCases) func `the seeds are taken, but those that are named bad`(target: FuzzTarget) throws {
        let read = try target.reader()
        let seeds = try seeds(target)
        #expect(seeds.count >= 6)
        for (name, bytes) in seeds { #expect(read(bytes) == !name.hasPrefix("bad-"), "\(name)") }
    }

    @Test(arguments: FuzzTarget.allCases) func `altered seeds are read or refused`(target: FuzzTarget) throws {
        let read = try target.reader()
        var mutator = Mutator(seeds: try seeds(target).map(\.bytes), seed: 1)
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("ablate-fuzz-\(target.rawValue)-\(ProcessInfo.processInfo.processIdentifier)")
        try Data().write(to: place)
        print("FuzzTests: \(target.rawValue): the file under way is \(place.path)")
        let file = try FileHandle(forWritingTo: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let end = Date().addingTimeInterval(Self.seconds)
        var (count, taken) = (0, 0)
        while Date() < end {
            let bytes = mutator.next()
            try file.seek(toOffset: 0)
            try file.write(contentsOf: bytes)
            try file.truncate(atOffset: UInt64(bytes.count))
            if read(bytes) { taken += 1 }
            count += 1
        }
        print("FuzzTests: \(target.rawValue): \(count) files, \(taken) of them taken")
        #expect(taken > count / 1_000 && taken < count, "a fuzzer whose files are all refused, or all taken, finds nothing")
    }

    /// Makes the seeds of checkpoints anew, where their form has changed.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ABLATE_WRITE_SEEDS"] != nil, "makes seeds anew, with ABLATE_WRITE_SEEDS=1"))
    func `write the seeds of checkpoints`() throws {
        let folder = projectRoot.appendingPathComponent("Tests/FuzzTests/Seeds/checkpoint")
        try withTemporaryFolder { temporary in
            func keep(_ file: String, as name: String) throws {
                let bytes = try Data(contentsOf: temporary.appendingPathComponent(file))
                try bytes.write(to: folder.appendingPathComponent(name))
                try withoutChecksums(bytes).write(to: folder.appendingPathComponent("\(name)-unchecked"))
            }
            for windows in [1, 6, 12] {
                for file in [Trainer.stateName, Trainer.checkpointName] {
                    try? FileManager.default.removeItem(at: temporary.appendingPathComponent(file))
                }
                var count = 0
                let trainer = try CheckpointReader.newTrainer(directory: temporary)
                // The last of them ends before.
                _ = try? trainer.train(shouldStop: {
                    count += 1
                    return count == windows
                })
                try keep(Trainer.stateName, as: "training-\(windows)")
                if windows == 12 { try keep(Trainer.checkpointName, as: "best") }
            }
        }
    }

    /// The same file as earlier programs wrote it, so that alterations get past the door.
    private func withoutChecksums(_ file: Data) throws -> Data {
        let length = Int(file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let header = String(decoding: file.dropFirst(8).prefix(length), as: UTF8.self)
            .replacing(/"(header|payload)-sha256":"[0-9a-f]{64}",?/, with: "").replacing(",}", with: "}")
            .replacing(#""format":"2""#, with: #""format":"1""#).replacing(#""format":"3""#, with: #""format":"2""#)
        let json = Data(header.utf8)
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json + file.dropFirst(8 + length)
    }
}
