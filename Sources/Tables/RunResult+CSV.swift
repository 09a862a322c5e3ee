import Configurations
import Documents
import Foundation
import Recurrent

extension RunResult {
    /// The columns of `results.csv`.
    static let header = [
        "dataset", "profile", "cell", "row", "seed", "status", "epochs", "trigger_epoch", "fine_tuning_epoch", "best_epoch",
        "valid_raw_ppl", "valid_averaged_ppl", "valid_ppl", "test_ppl", "tokens_per_s", "seconds", "parameters", "vocabulary",
        "training_tokens", "partial", "source_ppl", "learning_rate", "last_learning_rate", "configuration_digest", "difference", "reason",
    ]

    /// What rows from a file set; there only where there are such rows.
    private static let rowSettings = "row_settings"

    /// The results as a table, one line a run.
    public static func csv(_ results: [RunResult]) -> CSV {
        guard results.contains(where: \.row.isFromFile) else { return CSV(header: header, records: results.map(\.record)) }
        return CSV(header: header + [rowSettings], records: results.map { $0.record + [$0.row.settingsText] })
    }

    private var record: [String] {
        [
            dataset, profile, cell.rawValue, row.name, String(seed), status.rawValue, String(epochs), triggerEpoch.text,
            fineTuningEpoch.text, bestEpoch.text, validationRawPerplexity.text(4), validationAveragedPerplexity.text(4),
            validationPerplexity.text(4), testPerplexity.text(4), tokensPerSecond.text(1), seconds.text(1),
            String(parameters), String(vocabulary), String(trainingTokens), String(isPartial), sourcePerplexity.text(4),
            learningRate?.shortText ?? "", lastLearningRate?.shortText ?? "", configurationDigest, difference, reason,
        ]
    }

    /// Reads what ``csv(_:)`` wrote; the columns that were added later may be missing.
    ///
    /// - Throws: ``InputError`` (`data`) naming file, line and column, also when a run stands there twice.
    public static func results(in csv: CSV, file: String) throws -> [RunResult] {
        var places: [Row: Int] = [:]
        let results = try csv.rows.enumerated().map { index, values in
            var result = try RunResult(Record(values: values, place: "\(file):\(csv.line(ofRecord: index))"))
            // Rows from a file stand in its order.
            places[result.row] = places[result.row] ?? places.count
            result.row = result.row.placed(at: places[result.row] ?? 0)
            return result
        }
        if let (first, second, run) = repetition(in: results) {
            throw InputError.data("\(file):\(csv.line(ofRecord: second)): \(run): stands in line \(csv.line(ofRecord: first)) already")
        }
        return results
    }

    /// The places of the first two results of one run, and which run it is, in words; nil where each is there once.
    public static func repetition(in results: [RunResult]) -> (first: Int, second: Int, run: String)? {
        var places: [[AnyHashable]: Int] = [:]
        for (place, result) in results.enumerated() {
            guard let first = places.updateValue(place, forKey: [result.group, result.row, result.seed]) else { continue }
            return (first, place, "\(result.group.title), row \(result.row), seed \(result.seed)")
        }
        return nil
    }

    private init(_ record: Record) throws {
        self.init()
        dataset = try record.text("dataset")
        profile = try record.text("profile")
        cell = try record.value("cell", CellKind.init(rawValue:))
        let settings = try record.ifThere(Self.rowSettings) { $0 }
        row = try record.value("row") { name in try? settings.map { try Row(definition: "\(name):\($0)") } ?? Row(name: name) }
        seed = try record.value("seed", Int.init)
        status = try record.value("status", Status.init(rawValue:))
        epochs = try record.value("epochs", Int.init)
        triggerEpoch = try record.optional("trigger_epoch", Int.init)
        fineTuningEpoch = try record.optional("fine_tuning_epoch", Int.init)
        bestEpoch = try record.optional("best_epoch", Int.init)
        validationRawPerplexity = try record.ifThere("valid_raw_ppl", perplexity)
        validationAveragedPerplexity = try record.ifThere("valid_averaged_ppl", perplexity)
        validationPerplexity = try record.optional("valid_ppl", perplexity)
        testPerplexity = try record.optional("test_ppl", perplexity)
        tokensPerSecond = try record.value("tokens_per_s", Double.init)
        seconds = try record.value("seconds", Double.init)
        parameters = try record.value("parameters", Int.init)
        vocabulary = try record.value("vocabulary", Int.init)
        trainingTokens = try record.value("training_tokens", Int.init)
        isPartial = try record.value("partial", Bool.init)
        sourcePerplexity = try record.optional("source_ppl", perplexity)
        learningRate = try record.ifThere("learning_rate", rate)
        lastLearningRate = try record.ifThere("last_learning_rate", rate)
        configurationDigest = try record.ifThere("configuration_digest") { $0 } ?? ""
        difference = try record.ifThere("difference") { $0 } ?? ""
        reason = try record.ifThere("reason") { $0 } ?? ""
        for (column, value) in [("valid_ppl", validationPerplexity), ("test_ppl", testPerplexity)] where status == .ok && value == nil {
            throw InputError.data("\(record.place): \(column): is empty; a run with status ok has one")
        }
    }

    /// The fields of a line by column, with errors that name the column.
    private struct Record {
        let values: [String: String]
        /// File and line.
        let place: String

        func text(_ column: String) throws -> String {
            guard let text = values[column] else { throw InputError.data("\(place): the column '\(column)' is missing") }
            return text
        }

        func value<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value {
            let text = try text(column)
            guard let value = read(text) else { throw InputError.data("\(place): \(column): '\(text)' is not readable") }
            return value
        }

        func optional<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value? {
            try text(column).isEmpty ? nil : value(column, read)
        }

        func ifThere<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value? {
            values[column] == nil ? nil : try optional(column, read)
        }
    }
}

/// A finite number above zero.
private func perplexity(_ text: String) -> Double? { Double(text).flatMap { $0.isFinite && $0 > 0 ? $0 : nil } }

/// A finite number that is not negative.
private func rate(_ text: String) -> Float? { Float(text).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }
