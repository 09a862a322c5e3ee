import ArgumentParser
import Corpus
import Documents
import LanguageModel
import Runs

/// Measures a run's best checkpoint again, on the run's own text or any other.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluates a run's best checkpoint on validation and test text, or on any text.",
        discussion: """
            'perplexity' is measured as in training. With a cache, dynamic evaluation, --per-word or --text a text is read as one stream from its \
            beginning, and 'one stream' is the model's own perplexity in that reading.

            Dynamic evaluation goes on learning from the text, five words at a time. Its rate and decay are those, of twelve pairs, that are best on \
            the first 10000 words of validation text; it needs the training text too, for the size of the gradients.
            """)

    enum Splits: String, CaseIterable, ExpressibleByArgument {
        case validation
        case test
        case both

        var all: [FinishedRun.Split] {
            switch self {
            case .validation: [.validation]
            case .test: [.test]
            case .both: [.validation, .test]
            }
        }
    }

    @Argument(help: ArgumentHelp("A run's folder.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("Other text than the run's own; it must have the same vocabulary.", valueName: "name"))
    var dataset: String?

    @Option(help: "The text to evaluate on. (default: both)")
    var split: Splits?

    @Option(help: ArgumentHelp("A text file to evaluate on instead; words that the model does not know are counted.", valueName: "file"))
    var text: String?

    @OptionGroup var cache: CacheOptions

    @Flag(help: "Also measures with weights that go on learning from the text.")
    var dynamic = false

    @Option(help: ArgumentHelp("Writes every word with its log-probability, in nats, and its position to a CSV file.", valueName: "file"))
    var perWord: String?

    @OptionGroup var data: DataOptions

    func validate() throws {
        if text != nil, split != nil { throw ValidationError("--text and --split: give one of them") }
        if text == "" { throw ValidationError("--text: is empty; give a text file") }
        if perWord == "" { throw ValidationError("--per-word: is empty; give a file to write") }
    }

    func run() throws {
        let run = try FinishedRun(folder: folder)
        if text != nil, dataset != nil, !dynamic, run.hasVocabulary {
            throw InputError.usage("--text and --dataset: give one of them; with a text, --dataset only matters to --dynamic")
        }
        try run.model.configuration.checkPrecision()
        let figures = WordFigures(run.model, cache: cache.strengths(for: run.configuration.dataset), file: perWord)
        try figures.checkFile()
        // A text of its own needs no corpus, but for the words of an older folder, and for dynamic evaluation.
        let corpus = text == nil || dynamic || !run.hasVocabulary ? try corpus(of: run) : nil
        let vocabulary = try corpus.map(run.vocabulary) ?? run.vocabulary()
        let foreign = try text.map { try data.library.text($0, readWith: vocabulary) }
        let adaptation = dynamic ? try corpus.map { try Adaptation(run.model, corpus: $0) } : nil
        let isWordByWord = cache.cache || dynamic || perWord != nil
        var rows: [[String]] = []
        var words: [[String]] = []
        func measure(_ name: String, _ tokens: [Int32], split: String, before cells: [String]) throws {
            let reading = try figures.read(tokens, split: split, adaptation: adaptation)
            rows.append([name] + cells + reading.perplexities.map(\.description))
            if perWord != nil { words += reading.records(name, tokens: tokens, vocabulary: vocabulary) }
        }
        if let foreign {
            if let note = foreign.note(of: "the text", vocabulary: vocabulary) { StandardError.line(note) }
            try measure("text", foreign.tokens, split: text ?? "text", before: [String(foreign.words), String(foreign.unknownWords)])
        } else if let corpus {
            for split in (split ?? .both).all {
                let perplexity = String(try run.perplexity(of: split, in: corpus))
                let tokens = split == .validation ? corpus.validation : corpus.test
                if isWordByWord {
                    try measure(split.rawValue, tokens, split: "\(split.rawValue) text", before: [perplexity])
                } else {
                    rows.append([split.rawValue, perplexity])
                }
            }
        }
        let first = foreign == nil ? ["split", "perplexity"] + (isWordByWord ? ["one stream"] : []) : ["text", "words", "unknown", "perplexity"]
        let header = first + (cache.cache ? ["cache"] : []) + (dynamic ? ["dynamic"] : [])
        let numbers: Set<Int> = foreign == nil ? [] : [1, 2]
        print(
            AlignedText.table(
                [header] + rows, leftAligned: Set(header.indices).subtracting(numbers), repeated: 1, width: Terminal.standardOutput.width),
            terminator: "")
        if let adaptation { print(AlignedText.wrapped(adaptation.text, width: Terminal.standardOutput.width)) }
        try figures.write(words, hasDynamic: dynamic)
    }

    private func corpus(of run: FinishedRun) throws -> Corpus {
        let corpus = try data.library.load(
            Dataset(argument: dataset ?? run.configuration.dataset), trainingTokens: run.configuration.trainingTokens)
        if dataset == nil { try run.checkIsOwnText(corpus) }
        return corpus
    }
}
