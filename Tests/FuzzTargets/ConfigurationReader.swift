import Configurations
import LanguageModel
import Recurrent

/// Reads a text as the kind of file that its first character names, and works with what was read.
enum ConfigurationReader {
    static func read(_ bytes: [UInt8]) -> Bool {
        guard let kind = bytes.first, let text = String(validating: bytes.dropFirst(), as: UTF8.self) else { return false }
        do {
            switch kind {
            case UInt8(ascii: "o"): try check(overlay(text, on: .lstm))
            case UInt8(ascii: "g"): try check(overlay(text, on: .gru))
            case UInt8(ascii: "d"): try check(Configuration().full(differenceYAML: text, file: "difference"))
            case UInt8(ascii: "r"): try check(Row.list(yaml: text, file: "rows"))
            case UInt8(ascii: "s"): try check(assignments(text))
            default: try check(Configuration(yaml: text, file: "configuration"))
            }
            return true
        } catch {
            // Whatever it is, it must be possible to say.
            precondition(!String(describing: error).isEmpty)
            return false
        }
    }

    private static func overlay(_ text: String, on cell: CellKind) throws -> Configuration {
        var configuration = Configuration()
        configuration.model.cell = cell
        try configuration.overlay(yaml: text, file: "overlay")
        return configuration
    }

    private static func assignments(_ text: String) throws -> Configuration {
        var configuration = Configuration()
        for line in text.split(separator: "\n") { try configuration.set(String(line)) }
        return configuration
    }

    private static func check(_ rows: [Row]) throws {
        for row in rows {
            let name = row.runName(in: row.apply(Configuration()))
            precondition(!name.contains("/") && !name.hasPrefix("."), "a run of this name would leave the output folder")
        }
    }

    /// What was read is written so that it is read as the same again, and its sizes can be told.
    private static func check(_ configuration: Configuration) throws {
        let again = try Configuration(yaml: configuration.yaml, file: "again")
        precondition(again == configuration)
        let difference = Configuration().differenceYAML(to: configuration)
        let full = try configuration.full(differenceYAML: difference, file: "again")
        precondition(full == Configuration())
        precondition(!configuration.digest.isEmpty && !configuration.datasetName.isEmpty)
        let need = MemoryNeed(
            configuration.model, schedule: configuration.schedule, vocabularySize: 10_000, trainingTokens: 929_589, validationTokens: 73_760,
            testTokens: 82_430, threads: configuration.threads)
        precondition(need.resident > 0 && configuration.model.parameterCount(vocabularySize: 10_000) > 0)
        precondition(configuration.schedule.judgements(epochs: 1, tokens: 929_589, variableLength: true) >= 0)
    }
}
