import ArgumentParser
import Configurations
import Runs
import Tables

/// The table of runs that are there, without training.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints the table of finished runs, with its statistics, without training.",
        discussion: """
            Per row: the mean over n seeds with half its 95 % confidence interval (Student's t), and the difference to the full \
            model (of a sweep: to the configuration's own value, else to the first), paired by seed; * marks a difference whose \
            interval excludes zero, ** one that does so after Holm's correction for the rows of its table. With one seed, and where \
            the runs' folders are there, [ ] is what the validation text can tell of the difference. Runs of different datasets, \
            profiles, cells or configurations are never pooled.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case markdown
        case latex
        case csv
        case json
    }

    @Argument(help: ArgumentHelp("An output folder of 'run' or 'sweep', or its results.csv.", valueName: "dir|results.csv"))
    var path: String

    @Option(help: "How the table is set.")
    var format = Format.text

    @Option(help: ArgumentHelp("The folder Configs, or the one that holds Configs and Ablations.", valueName: "dir"))
    var configs: String?

    func run() throws {
        let runs = try ReportedRuns(path: path)
        let table = RemovalTable(
            results: runs.results, published: try ProjectFiles(configs: configs).published(), unfinished: runs.unfinished)
        switch format {
        case .text: print(table.text(width: Terminal.standardOutput.width), terminator: "")
        case .markdown: print(table.markdown, terminator: "")
        case .latex: print(table.latex, terminator: "")
        case .csv:
            print(table.csv.text, terminator: "")
            // A CSV file has no place for remarks.
            if !runs.unfinished.isEmpty { StandardError.line("Not finished: \(runs.unfinished.joined(separator: ", ")).") }
        case .json: print(try table.json, terminator: "")
        }
    }
}
