import Configurations
import Documents
import ProjectFolders
import Recurrent
import Testing

@testable import Tables

@Suite struct AgreementTests {
    @Test func agreementWithThePaper() throws {
        // The paper's differences: 0.7, 6.3, 1.3, 5.1, 3.7, 2.7, 8.0, 11.1.
        let rows = ["fine-tuning", "nt-asgd", "variable-length-bptt", "embedding-dropout", "weight-decay", "ar-tar", "independent-sizes", "weight-dropping"]
        let measured = [5.81, 12.2, -1.66, 2.81, -0.41, -0.6, -7.84, -0.91]
        for cell in [CellKind.lstm, .gru] {
            // An extended row and a combination stand beside, and do not count.
            let table = try table(
                [result("full", cell: cell, valid: 180), result("ar", cell: cell, valid: 300), result("ar-tar+weight-decay", cell: cell, valid: 300)]
                    + zip(rows, measured).map { try result($0, cell: cell, valid: 180 + $1) })
            let agreement = try #require(table.parts[0].agreement)
            #expect((agreement.published, agreement.removals, agreement.hurting, agreement.hasIntervals) == (8, 8, 3, false))
            #expect(abs((agreement.correlation?.coefficient ?? 0) + 0.238095) < 1e-6)
            let text = cell == .lstm ? "with the paper's: ρ = -0.24, p = 0.582" : "with the paper's, which are the LSTM's: ρ = -0.24, p = 0.582"
            #expect(table.text.contains(text) && table.text.contains("3 of the paper's 8 removals hurt"))
        }
    }

    @Test func agreementIsGivenOnlyWhereAllThePapersRemovalsAre() throws {
        let rows = ["fine-tuning", "nt-asgd", "variable-length-bptt", "embedding-dropout", "weight-decay", "ar-tar", "independent-sizes", "weight-dropping"]
        func all(_ dataset: String, status: RunResult.Status = .ok) throws -> [RunResult] {
            try [result("full", valid: 100, dataset: dataset)] + rows.map {
                $0 == "ar-tar" && status == .failed
                    ? try result($0, status: .failed, dataset: dataset) : try result($0, valid: 101, dataset: dataset)
            }
        }
        for dataset in ["ptb", "wt2"] {
            let table = try table(all(dataset))
            #expect(table.parts[0].agreement?.hurting == 8 && table.parts[0].missingRemovals == nil)
            #expect(try table.json.contains("\"agreement\"") && !table.text.contains("not in this table"))
        }
        // A row that is there without a difference is not missing.
        let failed = try table(all("ptb", status: .failed))
        #expect(failed.text.contains("7 of the paper's 8 removals hurt (a higher mean validation perplexity without the technique); 1 have no difference here."))

        let some = try table([result("full", valid: 100), result("ar-tar", valid: 101), result("ar", valid: 102)])
        #expect(some.parts[0].agreement == nil && !some.text.contains("removals hurt"))
        #expect(some.text.contains("\n7 of the paper's 8 removals are not in this table, so that its agreement with the paper is not given.\n"))
        #expect(try some.json.contains("\"missing_paper_removals\" : 7") && !some.json.contains("\"agreement\""))
        let one = try table(all("wt2").dropLast())
        #expect(one.text.contains("\n1 of the paper's 8 removals is not in this table,"))

        for none in try [table([result("full", valid: 100), result("ar", valid: 102)]), table(all("mine")), table(all("synthetic"))] {
            #expect(none.parts[0].agreement == nil && none.parts[0].missingRemovals == nil && !none.text.contains("removals"))
            #expect(try !none.json.contains("paper_removals") && !none.json.contains("agreement"))
        }
    }
}
