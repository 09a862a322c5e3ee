import Configurations
import Documents

/// The removal table of the paper (Merity, Keskar and Socher, ICLR 2018, "model ablations"), measured with the LSTM.
public struct PublishedTable: Sendable {
    /// The perplexities of one row on one dataset.
    struct Figures: Equatable, Sendable {
        /// Perplexity on validation text.
        let validation: Double
        /// Perplexity on test text.
        let test: Double
    }

    private var figures: [String: [String: Figures]] = [:]

    /// A table without figures.
    public init() {}

    /// Reads the columns `row`, `ptb_valid`, `ptb_test`, `wt2_valid` and `wt2_test`.
    ///
    /// - Throws: ``InputError`` (`data`) naming file, row and column.
    public init(_ csv: CSV, file: String) throws {
        for record in csv.rows {
            let row = record["row"] ?? ""
            func number(_ column: String) throws -> Double {
                guard let value = record[column].flatMap(Double.init), value.isFinite else {
                    throw InputError.data("\(file): row '\(row)': \(column) must be a number")
                }
                return value
            }
            for dataset in ["ptb", "wt2"] {
                figures[dataset, default: [:]][row] = Figures(
                    validation: try number("\(dataset)_valid"), test: try number("\(dataset)_test"))
            }
        }
    }

    /// The figures of a row, where the paper has them.
    func figures(dataset: String, row: Row) -> Figures? { figures[dataset]?[row.name] }
}

extension ProjectFiles {
    /// The paper's table.
    ///
    /// - Throws: `InputError` naming the file.
    public func published() throws -> PublishedTable {
        let url = root.appendingPathComponent("Ablations/published/published.csv")
        return try PublishedTable(CSV(text: try TextFile.read(url), file: url.path), file: url.path)
    }
}
