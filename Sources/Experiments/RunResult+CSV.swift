import Foundation
import Recurrent

extension RunResult {
    /// The columns of `results.csv`.
    static let header = [
        "dataset", "profile", "cell", "row", "seed", "status", "epochs", "trigger_epoch", "fine_tuning_epoch", "best_epoch",
        "valid_ppl", "test_ppl", "tokens_per_s", "seconds", "parameters", "vocabulary", "training_tokens", "partial", "source_ppl",
    ]

    /// The results as a table, one line a run.
    public static func csv(_ results: [RunResult]) -> CSV { CSV(header: header, records: results.map(\.record)) }

    private var record: [String] {
        [
            dataset, profile, cell.rawValue, row.name, String(seed), status.rawValue, String(epochs), triggerEpoch.text,
            fineTuningEpoch.text, bestEpoch.text, validationPerplexity.text(4), testPerplexity.text(4), tokensPerSecond.text(1),
            seconds.text(1), String(parameters), String(vocabulary), String(trainingTokens), String(isPartial),
            sourcePerplexity.text(4),
        ]
    }

    /// Reads what ``csv(_:)`` wrote.
    ///
    /// - Throws: ``ExperimentError`` (`data`) naming file and column.
    public static func results(in csv: CSV, file: String) throws -> [RunResult] {
        try csv.rows.map { try RunResult(Record(values: $0, file: file)) }
    }

    private init(_ record: Record) throws {
        self.init()
        dataset = try record.text("dataset")
        profile = try record.text("profile")
        cell = try record.value("cell", CellKind.init(rawValue:))
        row = try record.value("row") { try? Row(name: $0) }
        seed = try record.value("seed", Int.init)
        status = try record.value("status", Status.init(rawValue:))
        epochs = try record.value("epochs", Int.init)
        triggerEpoch = try record.optional("trigger_epoch", Int.init)
        fineTuningEpoch = try record.optional("fine_tuning_epoch", Int.init)
        bestEpoch = try record.optional("best_epoch", Int.init)
        validationPerplexity = try record.optional("valid_ppl", Double.init)
        testPerplexity = try record.optional("test_ppl", Double.init)
        tokensPerSecond = try record.value("tokens_per_s", Double.init)
        seconds = try record.value("seconds", Double.init)
        parameters = try record.value("parameters", Int.init)
        vocabulary = try record.value("vocabulary", Int.init)
        trainingTokens = try record.value("training_tokens", Int.init)
        isPartial = try record.value("partial", Bool.init)
        sourcePerplexity = try record.optional("source_ppl", Double.init)
    }

    /// The fields of a line by column, with errors that name the column.
    private struct Record {
        let values: [String: String]
        let file: String

        func text(_ column: String) throws -> String {
            guard let text = values[column] else { throw ExperimentError.data("\(file): the column '\(column)' is missing") }
            return text
        }

        func value<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value {
            let text = try text(column)
            guard let value = read(text) else { throw ExperimentError.data("\(file): \(column): '\(text)' is not readable") }
            return value
        }

        func optional<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value? {
            try text(column).isEmpty ? nil : value(column, read)
        }
    }
}

extension Double {
    /// With a fixed number of decimals, in no language's notation.
    func text(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}

extension Double? {
    /// With a fixed number of decimals; empty for nil.
    func text(_ decimals: Int) -> String { map { $0.text(decimals) } ?? "" }
}

extension Int? {
    var text: String { map { String($0) } ?? "" }
}
