import ArgumentParser
import Configurations
import Corpus
import Documents
import Recurrent

/// What is trained on what; everything but the cell.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("\(Dataset.list), or a folder with train, valid and test text.", valueName: "name"))
    var dataset = "ptb"

    @Option(help: ArgumentHelp("smoke, quick, evening or paper.", valueName: "name"))
    var profile = "quick"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Sets a configuration key; 'ablate info' lists them. (repeatable)", valueName: "key=value"))
    var assignments: [String] = []

    @Option(help: ArgumentHelp("Largest number of epochs of the main stage, and of fine-tuning.", valueName: "n"))
    var epochs: Int?

    @Option(help: ArgumentHelp("The folder Configs, or the one that holds Configs and Ablations.", valueName: "dir"))
    var configs: String?

    func validate() throws {
        var trial = Configuration()
        do {
            for assignment in assignments { try trial.set(assignment) }
        } catch let error as InputError {
            throw ValidationError(error.message)
        }
        if let epochs, epochs < 1 { throw ValidationError("--epochs \(epochs): must be at least 1") }
    }

    func configuration(cell: CellKind, files: ProjectFiles) throws -> Configuration {
        try files.configuration(dataset: dataset, cell: cell, profile: profile, assignments: assignments, epochs: epochs)
    }
}

extension CellKind: ExpressibleByArgument {}
