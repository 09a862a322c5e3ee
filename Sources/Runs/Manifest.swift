import Configurations
import Corpus
import Documents
import Foundation
import Kernels

/// What made a run: `manifest.json` in its folder.
struct Manifest: Codable, Equatable, Sendable {
    /// Raised when the same configuration, seed and text come to give other figures than before.
    static let currentResultFormat = 1

    var resultFormat = Manifest.currentResultFormat
    /// Of the program's repository, with `-dirty` where files were changed; `unknown` and why, where it is.
    var commit: String?
    /// SHA-256 of the folder's configuration file.
    var configurationDigest: String
    /// By key.
    var configuration: [String: String]
    /// SHA-256 of the word ids of the three splits and of the vocabulary.
    var corpusDigest: String
    var vocabularyDigest: String
    var seed: Int
    var threads: Int
    var blasLibrary = BLASLibrary.configuration
    var blasCore = BLASLibrary.coreName
    var matrixProducts: String
    var processor = Manifest.processorName
    var compiler = BLASLibrary.compiler
    var start = Date()
    /// Where the run started, when it was not at the first step.
    var origin: Origin?
    /// When the run went on from a checkpoint.
    var continued: [Date] = []
    var end: Date?
    /// SHA-256 of each finished file of the run, by name; nil before the end, and in manifests from before there were digests.
    var files: [String: String]?

    /// The state of another run that went the same way until then.
    struct Origin: Codable, Equatable, Sendable {
        var run: String
        /// As it stands in the name of the file with the state.
        var moment: String
        /// Steps of the optimizer until then.
        var steps: Int
    }

    /// - Parameters:
    ///   - configuration: of the run, with its seed.
    ///   - commit: of the program; see ``ProgramCommit``.
    init(_ configuration: Configuration, corpus: Corpus, commit: String) {
        self.commit = commit
        configurationDigest = configuration.digest
        self.configuration = Dictionary(uniqueKeysWithValues: ConfigurationKey.all.map { ($0.name, $0.text(in: configuration)) })
        corpusDigest = corpus.digest
        vocabularyDigest = corpus.vocabulary.digest
        seed = configuration.seed
        threads = configuration.threads
        matrixProducts = ProductPath.preferred(for: configuration.model.precision).rawValue
    }

    /// Reads a folder's manifest; nil where there is none.
    ///
    /// - Throws: ``InputError``: `data` when it is damaged.
    init?(in folder: URL) throws {
        let file = folder.appendingPathComponent(RunStore.File.manifest)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            self = try JSONText.decode(Manifest.self, from: try TextFile.read(file))
        } catch is DecodingError {
            throw InputError.data("\(file.path): is not the manifest of a run")
        }
    }

    func write(into folder: URL) throws {
        try TextFile.write(try JSONText.encode(self), to: folder.appendingPathComponent(RunStore.File.manifest))
    }

    private static var processorName: String {
        let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
}
