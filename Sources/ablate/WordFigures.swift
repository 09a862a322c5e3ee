import Corpus
import Documents
import Foundation
import LanguageModel

/// What is measured word by word, and the file in which it is written down.
struct WordFigures {
    private let model: LanguageModel
    private let cache: CachePointer.Strengths?
    private let file: String?

    /// - Parameters:
    ///   - cache: nil for none.
    ///   - file: nil for none.
    init(_ model: LanguageModel, cache: CachePointer.Strengths?, file: String?) {
        self.model = model
        self.cache = cache
        self.file = file
    }

    /// The readings of a text: by the model as it is, with a cache, and learning.
    struct Readings {
        fileprivate let all: [TextReading]

        var perplexities: [Double] { all.map(\.perplexity) }

        /// A line for every predicted word: the text's name, the position from 1, the word, and its log-probabilities in all digits.
        func records(_ name: String, tokens: [Int32], vocabulary: Vocabulary) -> [[String]] {
            (1..<tokens.count).map { place in
                [name, String(place + 1), vocabulary.words[Int(tokens[place])]] + all.map { (-$0.losses[place - 1]).description }
            }
        }
    }

    func read(_ tokens: [Int32], split: String, adaptation: Adaptation?) throws -> Readings {
        let (plain, cached) = try TextReading.read(tokens, with: model, cache: cache, split: split)
        return Readings(all: [plain] + (cached.map { [$0] } ?? []) + (try adaptation.map { [try $0.read(tokens, split: split)] } ?? []))
    }

    /// Makes sure, before anything is measured, that the file's folder is there.
    ///
    /// - Throws: ``InputError`` (`inputOutput`).
    func checkFile() throws {
        guard let file else { return }
        var isFolder: ObjCBool = false
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw InputError.inputOutput("\(file): cannot be written: there is no folder \(folder)")
        }
        if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
            throw InputError.inputOutput("\(file): cannot be written: is a folder")
        }
    }

    /// Writes the records of all texts, whole.
    ///
    /// - Throws: ``InputError`` (`inputOutput`).
    func write(_ records: [[String]], hasDynamic: Bool) throws {
        guard let file else { return }
        let others = (cache == nil ? [] : ["cache"]) + (hasDynamic ? ["dynamic"] : [])
        let header = ["text", "position", "word", "log_probability"] + others.map { "log_probability_\($0)" }
        try CSV(header: header, records: records).write(to: file)
    }
}

/// Dynamic evaluation with the strengths that are best on the corpus's validation text.
struct Adaptation {
    private let evaluation: DynamicEvaluation
    private let tuned: (strengths: DynamicEvaluation.Strengths, perplexity: Double)

    init(_ model: LanguageModel, corpus: Corpus) throws {
        evaluation = try DynamicEvaluation(model, training: corpus.train)
        tuned = try evaluation.tune(on: corpus.validation)
    }

    func read(_ tokens: [Int32], split: String) throws -> TextReading {
        try evaluation.read(tokens, strengths: tuned.strengths, split: split)
    }

    /// What was chosen.
    var text: String {
        """
        dynamic: rate \(tuned.strengths.rate.description), decay \(tuned.strengths.decay.description), the best of \
        \(DynamicEvaluation.candidates.count) on the first \(DynamicEvaluation.tuningTokens) words of validation text \
        (\(tuned.perplexity.text(2)) there)
        """
    }
}

extension ReadText {
    /// What became of the words that the vocabulary does not have; nil where it has all.
    ///
    /// - Parameter name: what the text is.
    func note(of name: String, vocabulary: Vocabulary) -> String? {
        guard unknownWords > 0 else { return nil }
        let isRead = vocabulary[Vocabulary.unknown] != nil
        let fate = isRead ? "and read as \(Vocabulary.unknown)" : "which has no \(Vocabulary.unknown), and are left out"
        let examples = unknownExamples.map { "'\($0)'" }.joined(separator: ", ")
        return "note: \(unknownWords) of \(words) words of \(name) are not in the vocabulary\(isRead ? " " : ", ")\(fate): \(examples)"
    }
}
