import ArgumentParser
import Configurations
import Documents

/// The slugs that `--drop` knows.
struct RowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rows", abstract: "Lists the rows of the table, one line each.")

    func run() throws {
        let rows = [["full", "the model with everything"]] + Ablation.allCases.map { [$0.rawValue, $0.summary] }
        let table = [["slug", "what the row removes"]] + rows
        print(AlignedText.table(table, leftAligned: [0, 1], width: Terminal.standardOutput.width), terminator: "")
    }
}
