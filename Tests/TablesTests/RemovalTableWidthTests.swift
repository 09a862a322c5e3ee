import Configurations
import ProjectFolders
import Testing

@testable import Tables

/// The removal table on terminals that are too narrow for it.
@Suite struct RemovalTableWidthTests {
    private static let rows = [
        "full", "fine-tuning", "nt-asgd", "variable-length-bptt", "embedding-dropout", "weight-decay", "ar-tar", "independent-sizes",
        "weight-dropping",
    ]

    private func table(seeds: Int, fired: Bool = true, removed: [String] = Self.rows) throws -> RemovalTable {
        let results = try removed.enumerated().flatMap { index, name in
            try (1...seeds).map { seed in
                var result = RunResult()
                (result.dataset, result.profile, result.row, result.seed, result.status) = ("ptb", "quick", try Row(name: name), seed, .ok)
                (result.triggerEpoch, result.fineTuningEpoch, result.bestEpoch) = (fired ? 5 : nil, fired ? 9 : nil, 12)
                result.validationPerplexity = 180 + Double(index * 3 + seed * seed)
                result.testPerplexity = 183 + Double(index * 3 + seed)
                return result
            }
        }
        return RemovalTable(results: results, published: try projectFiles().published())
    }

    @Test func oneSeedAtFortyColumns() throws {
        #expect(try table(seeds: 1, removed: ["full", "weight-dropping", "variable-length-bptt"]).text(width: 40) == """
            ptb, quick, LSTM
            row                   n   valid  Δ valid
            --------------------  -  ------  -------
            full                  1  181.00
            variable-length-bptt  1  187.00     6.00
            weight-dropping       1  184.00     3.00
            One seed: there are no intervals, and no
              row is marked.
            6 of the paper's 8 removals are not in
              this table, so that its agreement with
              the paper is not given.
            Left out, as the terminal is narrow:
              test, Δ test, trigger, best, paper
              valid, paper test, paper Δ valid.
              table.csv has them, and so has a
              terminal of 117 columns.

            ptb, quick: V = 0, 0 training tokens.

            """)
    }

    /// The header of the first table at each width.
    private func header(_ table: RemovalTable, width: Int) -> [String] {
        let line = table.text(width: width).split(separator: "\n")[1]
        return line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test func theMostImportantColumnsStay() throws {
        #expect(header(try table(seeds: 1), width: 40) == ["row", "n", "valid", "Δ valid"])
        #expect(header(try table(seeds: 1), width: 80).starts(with: ["row", "n", "valid", "test", "Δ valid", "Δ test"]))
        #expect(header(try table(seeds: 3), width: 40) == ["row", "n", "Δ valid"])
        #expect(header(try table(seeds: 3), width: 80).starts(with: ["row", "n", "valid", "test", "Δ valid"]))
        // The stages never came: 'not triggered' is a wide difference, and there is a note.
        #expect(header(try table(seeds: 1, fired: false), width: 40) == ["row", "valid", "Δ valid"])
        #expect(header(try table(seeds: 1, fired: false), width: 80).contains("note"))
    }

    @Test func whereThereIsRoomNothingChanges() throws {
        for table in [try table(seeds: 1), try table(seeds: 3), try table(seeds: 2, fired: false)] {
            #expect(table.text(width: nil) == table.text && table.text(width: 300) == table.text)
            #expect(!table.text.contains("Left out"))
        }
    }

    @Test func noLineIsLongerAndEveryColumnIsShownOrNamed() throws {
        for table in [try table(seeds: 1), try table(seeds: 3), try table(seeds: 2, fired: false)] {
            let names = try #require(table.parts.first?.section.header).filter { $0 != "note" }
            for width in 20...200 {
                let text = table.text(width: width)
                #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width): \(text)")
                let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(names.dropFirst().allSatisfy { words.contains($0) } && Self.rows.allSatisfy { words.contains($0) }, "\(width): \(text)")
            }
        }
    }
}
