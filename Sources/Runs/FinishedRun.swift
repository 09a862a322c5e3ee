import Configurations
import Corpus
import Documents
import Foundation
import LanguageModel

/// The folder of a run that has a best checkpoint.
public struct FinishedRun {
    /// The run's folder.
    public let folder: URL
    /// With which it was trained.
    public let configuration: Configuration
    /// Of the best checkpoint.
    public let model: LanguageModel
    private let vocabularyDigest: String

    /// - Throws: ``InputError``: `inputOutput` when a file is missing, `data` when it is damaged.
    public init(folder path: String) throws {
        folder = URL(fileURLWithPath: path, isDirectory: true)
        let file = folder.appendingPathComponent(RunStore.File.configuration)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw InputError.inputOutput("\(path): is not the folder of a run; it has no \(RunStore.File.configuration)")
        }
        configuration = try Configuration(file: file)
        let checkpoint = folder.appendingPathComponent(Trainer.checkpointName)
        guard FileManager.default.fileExists(atPath: checkpoint.path) else {
            throw InputError.inputOutput("\(path): the run has no \(Trainer.checkpointName) yet")
        }
        do {
            let contents = try Checkpoint.read(checkpoint)
            model = contents.model
            vocabularyDigest = contents.metadata.vocabularyDigest
            let differences = model.configuration.architectureDifferences(to: configuration.model)
            guard differences.isEmpty else {
                throw InputError.data(
                    "\(checkpoint.path): is of another model than \(RunStore.File.configuration) beside it: \(differences.joined(separator: "; "))")
            }
        } catch let error as InputError {
            throw error
        } catch let error as CheckpointError {
            throw InputError.data("\(checkpoint.path): \(error)")
        } catch {
            throw InputError.inputOutput("\(checkpoint.path): cannot be read: \(TextFile.reason(error))")
        }
    }

    /// The run without weight-dropping of the same cell and seed, beside this one, where there is one.
    public var withoutWeightDropping: FinishedRun? {
        let name = Row([.weightDropping]).runName(in: configuration)
        return name == folder.lastPathComponent
            ? nil : try? FinishedRun(folder: folder.deletingLastPathComponent().appendingPathComponent(name).path)
    }

    /// Makes sure that a corpus is the one that the run was trained on; where the folder has no manifest, that its vocabulary is.
    ///
    /// - Throws: ``InputError`` (`data`) naming what differs.
    public func checkIsOwnText(_ corpus: Corpus) throws {
        try checkVocabulary(of: corpus)
        guard let there = try Manifest(in: folder)?.corpusDigest, there != corpus.digest else { return }
        throw InputError.data(
            "\(folder.path): was trained on other text than \(corpus.name) has now (SHA-256 of the word ids \(there) there, \(corpus.digest) here); "
                + "put the text back as it was, or name this text with --dataset to measure on it all the same")
    }

    private func checkVocabulary(of corpus: Corpus) throws {
        if let difference = difference(of: corpus.vocabulary) {
            throw InputError.data("\(folder.path): was trained with another vocabulary than that of \(corpus.name) (\(difference))")
        }
    }

    private func difference(of vocabulary: Vocabulary) -> String? {
        vocabulary.digest == vocabularyDigest && vocabulary.count == model.vocabularySize
            ? nil
            : "\(model.vocabularySize) words of SHA-256 \(vocabularyDigest) there, \(vocabulary.count) of \(vocabulary.digest) here"
    }

    private var vocabularyFile: URL { folder.appendingPathComponent(RunStore.File.vocabulary) }

    /// Whether the folder holds the words; those of earlier versions do not.
    public var hasVocabulary: Bool { FileManager.default.fileExists(atPath: vocabularyFile.path) }

    /// The words that the model knows, as the folder holds them.
    ///
    /// - Throws: ``InputError``: `inputOutput` when they are missing, `data` when they are not those of the best checkpoint.
    public func vocabulary() throws -> Vocabulary {
        guard hasVocabulary else {
            throw InputError.inputOutput(
                "\(vocabularyFile.path): missing vocabulary: runs of earlier versions have no such file; name the text that the run was trained on "
                    + "with --dataset (\(configuration.dataset)), and the words are taken from there")
        }
        let vocabulary = try Vocabulary(file: vocabularyFile)
        if let difference = difference(of: vocabulary) {
            throw InputError.data("\(vocabularyFile.path): is not the vocabulary of \(Trainer.checkpointName) beside it (\(difference))")
        }
        return vocabulary
    }

    /// The words that the model knows, from a corpus of the same vocabulary.
    ///
    /// - Throws: ``InputError`` (`data`) when the corpus has another one.
    public func vocabulary(of corpus: Corpus) throws -> Vocabulary {
        try checkVocabulary(of: corpus)
        return corpus.vocabulary
    }

    /// Perplexity of the best checkpoint, measured as in training, with state carried through the whole split.
    ///
    /// - Throws: ``InputError`` (`data`) when the corpus has another vocabulary; `InputError` when it is too short.
    public func perplexity(of split: Split, in corpus: Corpus) throws -> Double {
        try checkVocabulary(of: corpus)
        let isValidation = split == .validation
        let schedule = configuration.schedule
        return try Evaluator(model, batchSize: isValidation ? schedule.validationBatchSize : schedule.testBatchSize)
            .perplexity(of: isValidation ? corpus.validation : corpus.test, split: "\(split.rawValue) text")
    }

    /// The texts on which a model is measured.
    public enum Split: String, CaseIterable, Sendable {
        case validation
        case test
    }
}
