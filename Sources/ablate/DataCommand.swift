import ArgumentParser
import Corpus
import Documents

/// Fetches what is missing and verifies what is there.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Fetches and verifies Penn Treebank and WikiText-2.",
        discussion: "With --dataset kjv, makes the King James Bible from Debian's packages bible-kjv and bible-kjv-text.")

    @Option(help: ArgumentHelp("Only this one: \(Dataset.list), or a folder.", valueName: "name"))
    var dataset: String?

    @OptionGroup var data: DataOptions

    func run() throws {
        let datasets = dataset.map { [Dataset(argument: $0)] } ?? [.ptb, .wt2]
        for dataset in datasets {
            for file in try data.library.fetch(dataset) {
                print(AlignedText.wrapped("\(dataset.name)  \(file.path)", width: Terminal.standardOutput.width))
            }
        }
    }
}
