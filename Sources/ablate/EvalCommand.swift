import ArgumentParser
import Corpus
import Documents
import Runs

/// Measures a run's best checkpoint again.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluates a run's best checkpoint on validation and test text.")

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

    @Option(help: "The text to evaluate on.")
    var split = Splits.both

    @OptionGroup var data: DataOptions

    func run() throws {
        let run = try FinishedRun(folder: folder)
        let corpus = try data.library.load(
            Dataset(argument: dataset ?? run.configuration.dataset), trainingTokens: run.configuration.trainingTokens)
        if dataset == nil { try run.checkIsOwnText(corpus) }
        let rows = try split.all.map { [$0.rawValue, String(try run.perplexity(of: $0, in: corpus))] }
        print(
            AlignedText.table([["split", "perplexity"]] + rows, leftAligned: [0, 1], width: Terminal.standardOutput.width),
            terminator: "")
    }
}
