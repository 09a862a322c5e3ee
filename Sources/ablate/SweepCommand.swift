import ArgumentParser
import Configurations
import Documents

/// The full model with several values of one configuration key.
struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Trains the full model with each of several values of one configuration key.",
        discussion: """
            One row a value, in ascending order, with the statistics of the removal table. Differences are to the configuration's own value \
            where it is among the values, else to the first row.
            """)

    @Option(help: ArgumentHelp("The configuration key; 'ablate info' lists them.", valueName: "key"))
    var key: String

    @Option(help: ArgumentHelp("Its values, separated by commas.", valueName: "a,b,c"))
    var values: String

    @OptionGroup var options: RunOptions

    func validate() throws {
        do {
            _ = try rows()
        } catch let error as InputError {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        try await options.run(
            rows: try rows(), files: try ProjectFiles(configs: options.model.configs), defaultFolder: "-\(key)")
    }

    private func rows() throws -> [Row] {
        try values.split(separator: ",", omittingEmptySubsequences: false)
            .map { Row(try Setting(key: key, value: String($0))) }.uniqued().sorted()
    }
}
