import Recurrent

extension RemovalTable {
    /// The content of `table.csv`: one line a row and cell. `paper_cell` says whose the paper's figures are, beside a GRU too.
    public var csv: CSV {
        CSV(
            header: [
                "dataset", "profile", "cell", "row", "n", "valid_ppl", "test_ppl", "delta_valid", "delta_test", "delta_n",
                "paper_valid", "paper_test", "paper_delta_valid", "paper_cell", "note",
            ],
            records: lines.map { line in
                [line.dataset, line.profile, line.cell.rawValue, line.row.name, String(line.n)]
                    + line.figures(decimals: 4) + [line.difference.count] + line.publishedFigures
                    + [line.published == nil ? "" : CellKind.lstm.rawValue, line.notes.joined(separator: "; ")]
            })
    }

    /// The table as aligned text, a part for each dataset, profile and cell, and the remarks.
    public var text: String {
        var parts: [String] = []
        var rest = lines[...]
        while let first = rest.first {
            let part = rest.prefix { ($0.dataset, $0.profile, $0.cell) == (first.dataset, first.profile, first.cell) }
            rest = rest.dropFirst(part.count)
            parts.append(Self.text(Array(part)))
        }
        return (parts + [remarks.map { $0 + "\n" }.joined()]).joined(separator: "\n")
    }

    private static func text(_ lines: [Line]) -> String {
        guard let first = lines.first else { return "" }
        // The paper measured the LSTM only.
        let paper = first.cell == .lstm ? "paper" : "paper's LSTM"
        let hasPublished = lines.contains { $0.published != nil }
        let header = ["row", "n", "valid", "test", "Δ valid", "Δ test"]
            + (hasPublished ? ["\(paper) valid", "\(paper) test", "\(paper) Δ valid"] : []) + ["note"]
        let cells = lines.map { line in
            [line.row.name, String(line.n)] + line.figures(decimals: 2) + (hasPublished ? line.publishedFigures : [])
                + [line.notes.joined(separator: "; ")]
        }
        return "\(first.dataset), \(first.profile), \(first.cell.rawValue.uppercased())\n"
            + AlignedText.table([header] + cells, leftAligned: [0, header.count - 1])
    }
}

extension RemovalTable.Line {
    /// Validation and test perplexity and both differences.
    fileprivate func figures(decimals: Int) -> [String] {
        [validationPerplexity.text(decimals), testPerplexity.text(decimals)] + difference.texts(decimals: decimals)
    }

    fileprivate var publishedFigures: [String] {
        [(published?.validation).text(1), (published?.test).text(1), publishedDifference.text(1)]
    }
}

extension RemovalTable.Difference {
    fileprivate func texts(decimals: Int) -> [String] {
        switch self {
        case .value(let validation, let test, _): [validation.text(decimals), test.text(decimals)]
        case .notTriggered: ["not triggered", "not triggered"]
        case .none: ["", ""]
        }
    }

    fileprivate var count: String {
        if case .value(_, _, let n) = self { String(n) } else { "" }
    }
}
