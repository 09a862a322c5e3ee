import Corpus
import Crypto
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
        let names = [File.configuration, File.difference, File.epochs, File.intervals, File.validationBlocks, Trainer.checkpointName]
        var digests = [File.result: digest(of: Data(RunResult.csv([result]).text.utf8))]
        for name in names {
            let file = runFolder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            do {
                digests[name] = digest(of: try Data(contentsOf: file, options: .mappedIfSafe))
            } catch {
                throw InputError.inputOutput("\(file.path): cannot be read: \(TextFile.reason(error))")
            }
        }
        return digests
    }

    fileprivate static func digest(of data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }
}

extension Manifest {
    /// Whether a finished file is there and is not what it was.
    func isAltered(_ name: String, in runFolder: URL) -> Bool {
        guard let digest = files?[name], let data = try? Data(contentsOf: runFolder.appendingPathComponent(name)) else { return false }
        return RunStore.digest(of: data) != digest
    }

    /// Which of the finished files are missing or altered, in words; empty where all are as they were, and where there are no digests.
    func faults(in runFolder: URL) -> [String] {
        (files ?? [:]).sorted { $0.key < $1.key }.compactMap { name, digest in
            // The names come from the file, and must not lead out of the folder.
            guard !name.contains("/") else { return "\(name) is no name of a file" }
            let file = runFolder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: file.path) else { return "\(name) is missing" }
            guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else { return "\(name) cannot be read" }
            return RunStore.digest(of: data) == digest ? nil : "\(name) is cut short or altered"
        }
    }
}
