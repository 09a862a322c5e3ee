import Corpus
import Documents
import Foundation
import LanguageModel
import Tables

extension RunStore {
    /// The digests of the files of a run that is done, by name.
    ///
    /// - Parameter result: which is not written yet.
    /// - Throws: ``InputError`` (`inputOutput`) naming a file that cannot be read.
    static func digests(in runFolder: URL, of result: RunResult) throws -> [String: String] {
        let names = [
            File.configuration, File.difference, File.epochs, File.intervals, File.validationBlocks, File.vocabulary, Trainer.checkpointName,
        ]
        var digests = [File.result: sha256(Data(RunResult.csv([result]).text.utf8))]
        for name in names {
            let file = runFolder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            do {
                digests[name] = sha256(try Data(contentsOf: file, options: .mappedIfSafe))
            } catch {
                throw InputError.inputOutput("\(file.path): cannot be read: \(TextFile.reason(error))")
            }
        }
        return digests
    }
}

extension Manifest {
    /// Which of the finished files are missing or altered, in words; empty where all are as they were, and where there are no digests.
    ///
    /// - Parameter checked: a file that is known to be as it was.
    func faults(in runFolder: URL, besides checked: String? = nil) -> [String] {
        (files ?? [:]).keys.sorted().filter { $0 != checked }.compactMap { fault(of: $0, in: runFolder) }
    }

    /// What is wrong with one of the finished files, in words; nil where it is as it was, or has no digest.
    func fault(of name: String, in runFolder: URL) -> String? {
        guard let digest = files?[name] else { return nil }
        // The names come from the file, and must not lead out of the folder.
        guard !name.contains("/") else { return "\(name) is no name of a file" }
        let file = runFolder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return "\(name) is missing" }
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else { return "\(name) cannot be read" }
        return sha256(data) == digest ? nil : "\(name) is cut short or altered"
    }
}
