import ArgumentParser
import Corpus
import Documents
import LanguageModel
import Runs

/// Lets a model go on with a text.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Lets a run's best model go on with a text.",
        discussion: """
            The model reads the end of a line, then the prompt, and its words follow those of the prompt. One seed gives one text. Words of the prompt \
            that the model does not know are read as <unk>, and a note on standard error says so.
            """)

    @Argument(help: ArgumentHelp("A run's folder.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("What the text begins with; without it, it begins with a new line.", valueName: "text"))
    var prompt: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of words and line ends that follow.", valueName: "count"))
    var tokens = 100

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Below 1 likely words come more often, above 1 less; 0 takes the likeliest word each time.", valueName: "number"))
    var temperature = 1.0

    @Option(parsing: .unconditional, help: ArgumentHelp("Only so many likeliest words can come. (default: all)", valueName: "count"))
    var topK: Int?

    @Option(help: ArgumentHelp("Of the choice among words.", valueName: "number"))
    var seed: UInt64 = 1

    @Flag(help: "Lets <unk> come too.")
    var unknown = false

    @Option(help: ArgumentHelp("Text of the same vocabulary, for a folder of an earlier version, which has no words.", valueName: "name"))
    var dataset: String?

    @OptionGroup var data: DataOptions

    private static let mostTokens = 1_000_000

    func validate() throws {
        if let prompt, !prompt.utf8.contains(where: { $0 > 0x20 }) {
            throw ValidationError("--prompt: is empty; give words to begin with, or leave it out")
        }
        guard (1...Self.mostTokens).contains(tokens) else { throw ValidationError("--tokens \(tokens): must be from 1 to \(Self.mostTokens)") }
        guard temperature >= 0, temperature.isFinite else { throw ValidationError("--temperature \(temperature): must be a number of at least 0") }
        if let topK, topK < 1 { throw ValidationError("--top-k \(topK): must be at least 1; leave it out for all words") }
    }

    func run() throws {
        let run = try FinishedRun(folder: folder)
        if dataset != nil, run.hasVocabulary {
            throw InputError.usage("--dataset: \(folder) has its words; leave the option out")
        }
        try run.model.configuration.checkPrecision()
        let vocabulary = try dataset.map { try self.vocabulary(of: run, from: $0) } ?? run.vocabulary()
        let beginning = try prompt.map { try read($0, with: vocabulary) }
        var choice = TextGenerator.Choice()
        choice.temperature = temperature
        choice.topK = topK
        choice.excluded = unknown ? nil : vocabulary[Vocabulary.unknown]
        var generator = TextGenerator(run.model, choice: choice, seed: seed)
        let endOfSentence = vocabulary[Vocabulary.endOfSentence]
        generator.read((endOfSentence.map { [$0] } ?? []) + (beginning?.tokens ?? []))
        var text = PrintedWords(prompt ?? "")
        for _ in 0..<tokens {
            guard let word = generator.next() else {
                throw InputError.data("\(folder): the vocabulary has no word but \(Vocabulary.unknown); let it come with --unknown")
            }
            text.add(vocabulary.words[Int(word)])
        }
        print(text.text)
    }

    private func vocabulary(of run: FinishedRun, from dataset: String) throws -> Vocabulary {
        try run.vocabulary(of: data.library.load(Dataset(argument: dataset), trainingTokens: run.configuration.trainingTokens))
    }

    private func read(_ prompt: String, with vocabulary: Vocabulary) throws -> ReadText {
        guard let text = try? ReadText(prompt, vocabulary: vocabulary) else {
            throw InputError.usage("--prompt: has no words; give words to begin with, or leave it out")
        }
        guard text.unknownWords == 0 || text.unknownWords < text.words else {
            throw InputError.usage("--prompt: the model knows none of its words; give words that are in \(folder)'s vocabulary")
        }
        if let note = text.note(of: "the prompt", vocabulary: vocabulary) { StandardError.line(note) }
        return text
    }
}

/// Words as lines: `<eos>` ends one.
struct PrintedWords {
    private var lines: [[String]] = [[]]

    /// - Parameter text: words and lines to begin with, as they are.
    init(_ text: String) {
        for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if index > 0 { add(Vocabulary.endOfSentence) }
            for word in line.split(whereSeparator: { $0 <= 0x20 }) { add(String(decoding: word, as: UTF8.self)) }
        }
    }

    mutating func add(_ word: String) {
        if word == Vocabulary.endOfSentence {
            lines.append([])
        } else {
            lines[lines.count - 1].append(word)
        }
    }

    /// Without empty lines at the end.
    var text: String {
        let count = (lines.lastIndex { !$0.isEmpty } ?? 0) + 1
        return lines.prefix(count).map { $0.joined(separator: " ") }.joined(separator: "\n")
    }
}
