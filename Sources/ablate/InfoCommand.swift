import ArgumentParser
import Configurations
import Corpus
import Documents
import Kernels
import Recurrent
import Runs

/// What a run would be made of.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Prints the resolved configuration, the number of parameters, the BLAS library and the cores.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var data: DataOptions

    @Option(help: "The recurrent cell.")
    var cell = CellKind.lstm

    @Flag(help: "Prints JSON.")
    var json = false

    func run() throws {
        let configuration = try model.configuration(cell: cell, files: try ProjectFiles(configs: model.configs))
        let (vocabulary, trainingTokens) = try size(of: Dataset(argument: model.dataset), configuration)
        BLASLibrary.threads = configuration.threads
        let cores = AvailableCores()
        let facts = [
            ("vocabulary", String(vocabulary)),
            ("training_tokens", String(trainingTokens)),
            ("parameters", String(configuration.model.parameterCount(vocabularySize: vocabulary))),
            (
                "floating_point_operations_per_token",
                String(Int(configuration.model.floatingPointOperationsPerToken(vocabularySize: vocabulary)))
            ),
            ("blas_library", BLASLibrary.configuration),
            ("blas_core", BLASLibrary.coreName),
            ("blas_threads", String(BLASLibrary.threads)),
            ("matrix_products", configuration.model.precision.missing == nil ? ProductPath.preferred(for: configuration.model.precision).rawValue : "none"),
            ("float32_products", Self.products(.float32)),
            ("bfloat16_products", Self.products(.bfloat16)),
            ("cores", String(cores.count)),
            ("cores_limited_by", cores.limit.description),
        ]
        print(json ? jsonText(configuration, facts) : plainText(configuration, facts), terminator: "")
    }

    /// Who can do the products of a precision here, the fastest first; what is missing where nobody can.
    private static func products(_ precision: Precision) -> String {
        precision.missing.map { "none: \($0)" } ?? ProductPath.available.filter { $0.precision == precision }.map(\.rawValue).joined(separator: ", ")
    }

    /// Of a published corpus used whole, the size is known without its files.
    private func size(of dataset: Dataset, _ configuration: Configuration) throws -> (vocabulary: Int, trainingTokens: Int) {
        if configuration.trainingTokens == 0, let size = dataset.publishedSize { return size }
        let corpus = try data.library.load(dataset, trainingTokens: configuration.trainingTokens)
        return (corpus.vocabulary.count, corpus.train.count)
    }

    private func jsonText(_ configuration: Configuration, _ facts: [(String, String)]) -> String {
        let keys = ConfigurationKey.all.map { "    \($0.name.quotedLiteral): \($0.literal(in: configuration))" }
        let members = facts.map { "  \($0.quotedLiteral): \(Int($1) == nil ? $1.quotedLiteral : $1)" }
        return """
            {
              "configuration": {
            \(keys.joined(separator: ",\n"))
              },
            \(members.joined(separator: ",\n"))
            }

            """
    }

    private func plainText(_ configuration: Configuration, _ facts: [(String, String)]) -> String {
        let keys = ConfigurationKey.all.map { [$0.name, $0.text(in: configuration), "\($0.summary) (\($0.allowed))"] }
        let width = Terminal.standardOutput.width
        return AlignedText.table([["key", "value", "meaning"]] + keys, leftAligned: [0, 1, 2], width: width) + "\n"
            + AlignedText.table([["fact", "value"]] + facts.map { [$0, $1] }, leftAligned: [0, 1], width: width)
    }
}
