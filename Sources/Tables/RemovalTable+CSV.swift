import Documents
import Foundation
import Recurrent

extension RemovalTable {
    /// The content of `table.csv`: one line a row. `…_low` and `…_high` are the ends of 95 % confidence intervals, empty with
    /// one seed; `delta_valid_text_…` those of the validation text with one seed, empty with several. `paper_cell` says whose the
    /// paper's figures are, beside a GRU too.
    public var csv: CSV {
        CSV(
            header: [
                "dataset", "profile", "cell", "row", "n", "valid_ppl", "test_ppl", "delta_valid", "delta_test", "delta_n",
                "paper_valid", "paper_test", "paper_delta_valid", "paper_cell", "note", "valid_ppl_low", "valid_ppl_high",
                "test_ppl_low", "test_ppl_high", "delta_valid_low", "delta_valid_high", "delta_test_low", "delta_test_high",
                "significant", "delta_to", "valid_raw_ppl", "valid_averaged_ppl", "trigger_epochs", "best_epochs", "configuration_digest",
                "p_value", "holm_p_value", "delta_valid_text_low", "delta_valid_text_high",
            ],
            records: parts.flatMap { part in part.lines.map { $0.record(in: part) } })
    }
}

extension RemovalTable.Line {
    fileprivate func record(in part: RemovalTable.Part) -> [String] {
        let (validationDifference, testDifference) = (difference.validation, difference.test)
        func delta(_ estimate: Estimate?) -> String { difference == .notTriggered ? "not triggered" : (estimate?.mean).text(4) }
        let identity = [part.group.dataset, part.group.profile, part.group.cell.rawValue, row.name, String(n)]
        let figures = [(validation?.mean).text(4), (test?.mean).text(4), delta(validationDifference), delta(testDifference)]
        let paper = [(published?.validation).text(1), (published?.test).text(1), publishedDifference.text(1)]
        let intervals = [validation, test, validationDifference, testDifference].flatMap { [($0?.low).text(4), ($0?.high).text(4)] }
        let hasInterval = validationDifference?.margin != nil
        return identity + figures + [(validationDifference?.n).text] + paper + [published == nil ? "" : CellKind.lstm.rawValue]
            + [notes.joined(separator: "; ")] + intervals
            + [hasInterval ? String(difference.isSignificant) : "", row == part.baseline ? "" : part.baseline.name]
            + [(validationRaw?.mean).text(4), (validationAveraged?.mean).text(4)]
            + [triggerEpochs, bestEpochs].map { $0.map { String($0) }.joined(separator: " ") } + [part.group.configurationDigest]
            + [validationDifference?.pValue, holmPValue].map(probability)
            + [(textInterval?.low).text(4), (textInterval?.high).text(4)]
    }
}

/// Four digits, however small it is; empty for nil.
private func probability(_ value: Double?) -> String { value.map { String(format: "%.4g", $0) } ?? "" }
