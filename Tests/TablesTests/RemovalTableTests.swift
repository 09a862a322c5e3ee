import Configurations
import Documents
import ProjectFolders
import Recurrent
import Testing

@testable import Tables

@Suite struct RemovalTableTests {
    @Test func differencesArePairedBySeed() throws {
        // Unpaired means would differ by 105 − 110 = −5.
        let table = try table([
            result("full", seed: 1, valid: 100), result("full", seed: 2, valid: 120), result("ar", seed: 1, valid: 105),
            result("full", seed: 3, status: .diverged), result("ar", seed: 3, valid: 300),
        ])
        #expect(table.lines.map(\.row.name) == ["full", "ar"])
        #expect(table.lines[0].validation?.mean == 110)
        #expect(try table.lines[1].difference == value(5))
        #expect(table.lines[1].n == 2)
        #expect(table.lines[0].difference == .none)
    }

    @Test func cellsAndDatasetsAreNeverPooled() throws {
        let table = try table([
            result("full", valid: 100), result("full", cell: .gru, valid: 50), result("ar", cell: .gru, valid: 53),
            result("full", valid: 10, dataset: "wt2"),
        ])
        #expect(table.lines.map(\.validation?.mean) == [100, 50, 53, 10])
        #expect(try table.lines[2].difference == value(3))
    }

    @Test func configurationsAreNeverPooledAndAreToldApart() throws {
        func result(_ row: String, seed: Int, valid: Double, digest: String) throws -> RunResult {
            var result = try TablesTests.result(row, seed: seed, valid: valid)
            result.configurationDigest = digest
            return result
        }
        let table = try table([
            result("full", seed: 1, valid: 100, digest: "aa"), result("ar", seed: 1, valid: 101, digest: "aa"),
            result("full", seed: 1, valid: 200, digest: "bb"), result("ar", seed: 1, valid: 205, digest: "bb"),
        ])
        #expect(table.lines.map(\.validation?.mean) == [100, 101, 200, 205])
        #expect(try table.lines.map(\.difference) == [.none, value(1), .none, value(5)])
        #expect(table.parts.map(\.title) == ["ptb, quick, LSTM, configuration aa", "ptb, quick, LSTM, configuration bb"])
        let again = try RunResult.results(in: CSV(text: RunResult.csv([result("full", seed: 1, valid: 100, digest: "aa")]).text, file: "a"), file: "a")
        #expect(again.map(\.configurationDigest) == ["aa"])
    }

    @Test func aStageThatNeverCameIsNoDifference() throws {
        let noTrigger = try table([result("full", valid: 100, trigger: nil), result("nt-asgd", valid: 101), result("ar", valid: 102)])
        #expect(try noTrigger.lines.map(\.difference) == [.none, .notTriggered, value(2)])
        let ownTrigger = try table([result("full", valid: 100), result("nt-asgd", valid: 101, trigger: nil)])
        #expect(ownTrigger.lines[1].difference == .notTriggered)
        let noFineTuning = try table([
            result("full", valid: 100, fineTuning: nil), result("fine-tuning", valid: 101, fineTuning: nil),
            result("fine-tuning+ar", valid: 101, fineTuning: nil),
        ])
        #expect(noFineTuning.lines.map(\.difference) == [.none, .notTriggered, .notTriggered])
        #expect(noTrigger.text.contains("not triggered") && noTrigger.csv.text.contains(",not triggered,not triggered,"))
    }

    @Test func rowsFromAFileStandInItsOrderWithWhatTheyChange() throws {
        func result(_ row: String, valid: Double, difference: String = "", trigger: Int? = 3) throws -> RunResult {
            var result = try TablesTests.result(row, valid: valid, trigger: trigger)
            result.difference = difference
            return result
        }
        let results = try [
            result("full", valid: 100), result("ar", valid: 99, difference: "ar: 2 → 0"), result("z:ar=1", valid: 101, difference: "ar: 2 → 1"), result("b:ar=2", valid: 100),
            result("a:nt-asgd=false,ar=1", valid: 104, difference: "ar: 2 → 1; nt-asgd: true → false", trigger: nil),
        ]
        let text = RunResult.csv(results).text
        #expect(text.contains(",row_settings\r\n") && text.contains(",ar=1\r\n"))
        let read = try RunResult.results(in: CSV(text: text, file: "r.csv"), file: "r.csv")
        #expect(read.map(\.row) == results.map(\.row))
        let table = try table(read.reversed())
        #expect(table.lines.map(\.row.name) == ["full", "ar", "z", "b", "a"])
        #expect(try table.lines.map(\.difference) == [.none, value(-1), value(1), value(0), .notTriggered])
        #expect(table.text.contains("\nz: ar: 2 → 1.\nb: as the full model.\na: ar: 2 → 1; nt-asgd: true → false.\n"))
        // Without such rows the table has no such column, and a name that is none is refused.
        #expect(try !RunResult.csv([result("ar", valid: 1)]).text.contains("row_settings"))
        for wrong in [text.replacing("lstm,z,", with: "lstm,ar,"), text.replacing(",ar=1\r\n", with: ",ar=x\r\n"), text.replacing(",z,1", with: ",../z,1"), text.replacing(",ar,1,", with: ",arr,1,")] {
            try #require(wrong != text)
            #expect(inputError { _ = try RunResult.results(in: CSV(text: wrong, file: "r.csv"), file: "r.csv") }?.message.contains(": row: '") == true)
        }
    }

    @Test func aRunWhoseCriterionNeverFiredIsMarked() throws {
        let table = try table([result("full", valid: 100), result("ar", valid: 101, trigger: nil)])
        #expect(table.lines.map(\.notes) == [[], ["criterion never fired"]])
    }

    @Test func divergedAndFailedRunsAreShownAsSuch() throws {
        let table = try table([
            result("full", valid: 100), result("ar", status: .diverged), result("tar", status: .failed),
            result("weight-decay", seed: 1, status: .diverged), result("weight-decay", seed: 2, valid: 99),
        ])
        #expect(table.lines.map(\.row.name) == ["full", "weight-decay", "ar", "tar"])
        #expect(table.lines[1].notes == ["1 of 2 diverged in epoch 4"])
        #expect(table.lines[1].difference == .none)
        #expect(table.lines[2].notes == ["diverged in epoch 4"])
        #expect(table.lines[2].n == 0 && table.lines[2].validation == nil)
        #expect(table.lines[3].notes == ["failed"])
    }

    @Test func thePapersFiguresStandBeside() throws {
        let table = try table([result("full", valid: 100), result("weight-dropping", valid: 110), result("ar", valid: 1)])
        #expect(table.csv.records[1].prefix(15) == [
            "ptb", "quick", "lstm", "weight-dropping", "1", "110.0000", "109.0000", "10.0000", "10.0000", "1", "71.1", "68.9", "11.1", "lstm",
            "",
        ])
        #expect(table.csv.header.prefix(5) == ["dataset", "profile", "cell", "row", "n"])
        #expect(table.csv.records[0][12] == "" && table.csv.records[2][10] == "")
    }

    @Test func besideAGRUThePapersFiguresAreCalledTheLSTMs() throws {
        let lstm = try table([result("full", valid: 100)]).text
        let gruTable = try table([result("full", cell: .gru, valid: 100), result("ar-tar", cell: .gru, valid: 101)])
        #expect(gruTable.csv.rows[0]["cell"] == "gru" && gruTable.csv.rows[0]["paper_cell"] == "lstm")
        let gru = gruTable.text
        #expect(lstm.contains("paper valid") && !lstm.contains("LSTM valid"))
        #expect(gru.contains("paper's LSTM valid") && gru.contains("paper's LSTM Δ valid"))
        #expect(try !table([result("full", valid: 100, dataset: "mine")]).text.contains("paper"))
    }

    @Test func theTextIsAligned() throws {
        let text = try table([result("full", valid: 100), result("weight-dropping", valid: 1110)]).text
        #expect(text.split(separator: "\n").prefix(5) == [
            "ptb, quick, LSTM",
            "row              n    valid     test  Δ valid   Δ test  trigger  paper valid  paper test  paper Δ valid  note",
            "---------------  -  -------  -------  -------  -------  -------  -----------  ----------  -------------  ----",
            "full             1   100.00    99.00                          3         60.0        57.3",
            "weight-dropping  1  1110.00  1109.00  1010.00  1010.00        3         71.1        68.9           11.1",
        ])
    }

    @Test func severalSeedsGiveIntervalsAndMarks() throws {
        // Differences 2, 3 and 2.5; 5, −5 and 0. SciPy: 2.5 ± 1.2421, 0 ± 12.4207.
        let table = try table([
            result("full", seed: 1, valid: 100), result("full", seed: 2, valid: 120), result("full", seed: 3, valid: 110),
            result("ar-tar", seed: 1, valid: 102), result("ar-tar", seed: 2, valid: 123), result("ar-tar", seed: 3, valid: 112.5),
            result("weight-decay", seed: 1, valid: 105), result("weight-decay", seed: 2, valid: 115), result("weight-decay", seed: 3, valid: 110),
        ])
        let differences = table.lines.compactMap(\.difference.validation)
        #expect(differences.map(\.n) == [3, 3] && differences.map(\.mean) == [0, 2.5])
        #expect(zip(differences, [12.42068857, 1.24206886]).allSatisfy { abs(($0.margin ?? 0) - $1) < 1e-7 })
        #expect(table.lines.map(\.difference.isSignificant) == [false, false, true])
        #expect(table.lines.map(\.mark) == ["", "", "**"])
        // SciPy's ttest_1samp: 0.01307; of differences whose mean is zero 1. Holm: twice the smaller.
        #expect(table.csv.rows.map { $0["p_value"] } == ["", "1", "0.01307"] && table.csv.rows.map { $0["holm_p_value"] } == ["", "1", "0.02614"])
        let lines = table.text.split(separator: "\n")
        #expect(lines.filter { $0.contains(" ** ") && $0.contains("±") && !$0.hasPrefix("±") }.map { $0.prefix(6) } == ["ar-tar"])
        #expect(table.text.contains("whose interval excludes zero, ** one that does so after Holm's correction for the 2 rows.\n"))
        #expect(try table.json.contains("\"holm_p_value\" : 0.02614") && table.json.contains("\"p_value\" : 0.01307"))
        #expect(table.csv.rows.map { $0["significant"] } == ["", "false", "true"])
        #expect(table.csv.rows[2]["delta_valid_low"] == "1.2579" && table.csv.rows[2]["delta_valid_high"] == "3.7421")
        #expect(table.parts[0].missingRemovals == RemovalTable.MissingRemovals(published: 8, missing: 6))
    }

    @Test func aMarkThatHolmsCorrectionTakesIsASingleOne() throws {
        // SciPy: p = 0.01307 for 2, 3 and 2.5; with five rows Holm's is 0.0654. Those of 9, 9.1 and 8.9: 4.115e-05, 0.0002469 at six.
        let full = try (1...3).map { try result("full", seed: $0, valid: 100) }
        func row(_ name: String, _ differences: [Double]) throws -> [RunResult] {
            try differences.enumerated().map { try result(name, seed: $0 + 1, valid: 100 + $1) }
        }
        let others = try ["ar", "tar", "weight-decay", "weight-tying"].flatMap { try row($0, [5, -5, 0.5]) }
        let (weak, strong) = (try row("ar-tar", [2, 3, 2.5]), try row("weight-dropping", [9, 9.1, 8.9]))
        let table = try table(full + others + weak + strong)
        let marks = Dictionary(uniqueKeysWithValues: table.lines.map { ($0.row.name, $0.mark) })
        #expect(marks["ar-tar"] == "*" && marks["weight-dropping"] == "**" && marks["ar"] == "")
        let (marked, twice) = ("2.50 ± 1.24 * ", "9.00 ± 0.25 **")
        #expect(table.text.contains(marked) && table.text.contains(twice) && table.markdown.contains("9.00 ± 0.25 \\*\\* |"))
        // A row that stands alone needs no correction.
        let alone = try TablesTests.table(full + weak)
        #expect(alone.lines.map(\.mark) == ["", "*"] && alone.lines.allSatisfy { $0.holmPValue == nil })
        #expect(alone.text.contains("* marks a Δ valid whose interval excludes zero.\n") && !alone.text.contains("Holm"))
    }

    @Test func aLearningRateThatNearlyVanishedIsNoted() throws {
        func run(_ seed: Int, _ first: Float?, _ last: Float?, status: RunResult.Status = .ok) throws -> RunResult {
            var run = try result("nt-asgd", seed: seed, valid: status == .ok ? 100 : nil, status: status)
            (run.learningRate, run.lastLearningRate) = (first, last)
            return run
        }
        let note = "rate fell below 1/100"
        #expect(try table([run(1, 30, 0.234375)]).lines[0].notes == [note])
        #expect(try table([run(1, 30, 0.46875)]).lines[0].notes == [])
        #expect(try table([run(1, 30, 0.234375), run(2, 30, 30), run(3, nil, nil)]).lines[0].notes == ["1 of 3 " + note])
        #expect(try table([run(1, 30, 0.1, status: .diverged)]).lines[0].notes == ["diverged in epoch 4"])
        #expect(try table([run(1, 30, 0.234375)]).text.contains(note))
    }

    @Test func oneSeedGivesNeitherIntervalNorMark() throws {
        let table = try table([result("full", valid: 100), result("ar-tar", valid: 150)])
        #expect(!table.lines[1].difference.isSignificant && !table.text.contains("±"))
        #expect(table.text.contains("One seed: there are no intervals, and no row is marked."))
        #expect(table.csv.rows[1]["significant"] == "" && table.csv.rows[1]["delta_valid_low"] == "")
    }

    @Test func epochsAndBothKindsOfWeightsAreShown() throws {
        var results = [try result("full", seed: 1, valid: 100), try result("full", seed: 2, valid: 110, trigger: 5), try result("ar", valid: 90)]
        for index in results.indices {
            results[index].bestEpoch = 7 + 2 * index
            results[index].validationRawPerplexity = 120 + Double(index)
            results[index].validationAveragedPerplexity = index < 2 ? 105 + Double(index) : nil
        }
        let section = try #require(try table(results).parts.first?.section)
        let columns = ["raw", "averaged", "trigger", "best"].compactMap(section.header.firstIndex)
        #expect(section.rows.map { row in columns.map { row[$0] } } == [["120.50", "105.50", "3–5", "7–9"], ["122.00", "", "3", "11"]])
        // A mean of the seeds that have one would stand beside means of all.
        results[1].validationRawPerplexity = nil
        #expect(try table(results).parts.first?.section.rows.map { row in columns.map { row[$0] } }.first == ["", "105.50", "3–5", "7–9"])
    }

    @Test func aSweepIsComparedWithItsOwnValueOrTheFirst() throws {
        var results = try [("ar=0", 100.0), ("ar=2", 90), ("ar=4", 95)].map { try result($0.0, valid: $0.1) }
        for (index, difference) in ["ar: 2 → 0", "", "ar: 2 → 4"].enumerated() { results[index].difference = difference }
        let own = try table(results + [result("full", valid: 1)])
        #expect(own.parts.map(\.group.sweptKey) == [nil, "ar"])
        #expect(own.parts[1].lines.map(\.difference.validation?.mean) == [10, nil, 5] && own.parts[1].agreement == nil)
        #expect(!own.text.contains("different vocabularies"))
        results[0].vocabulary = 99
        #expect(try table(results).text.contains("The rows have different vocabularies"))
        let first = try table([results[0], results[2]])
        #expect(first.parts[0].baseline.name == "ar=0" && !first.parts[0].isBaselineFull)
        #expect(first.lines.map(\.difference.validation?.mean) == [nil, -5])
    }

    @Test func markupIsEscaped() throws {
        let table = try table([result("full", valid: 100, dataset: "my_|corpus*"), result("ar", valid: 99, dataset: "my_|corpus*")])
        #expect(table.markdown.contains("**my\\_\\|corpus\\*, quick, LSTM**"))
        #expect(table.latex.contains("\\caption{my\\_\\textbar{}corpus*, quick, LSTM}") && table.latex.contains(" & $-$1.00 & "))
        #expect(Markup.latex("50 % & ρ = -0.2, a-b") == "50 \\% \\& $\\rho$ = $-$0.2, a-b")
    }

    @Test func remarksNameVocabularyPartAndFloor() throws {
        var part = try result("full", valid: 100)
        part.isPartial = true
        #expect(try table([part]).remarks == [
            "ptb, quick: V = 100, 0 training tokens. A part of the training text: these perplexities are not comparable with the paper's."
        ])
        var synthetic = try result("full", valid: 100, dataset: "synthetic")
        synthetic.sourcePerplexity = 15.106
        #expect(try table([synthetic]).text.contains("The source's own perplexity is 15.11: no model can do better."))
    }

    @Test func resultsAreReadBackAsWritten() throws {
        var diverged = try result("ar+tar", seed: 2, cell: .gru, status: .diverged, trigger: nil, fineTuning: nil)
        diverged.dataset = "my, \"own\""
        let results = [try result("full", valid: 123.4567), diverged]
        #expect(try RunResult.results(in: CSV(text: RunResult.csv(results).text, file: "r.csv"), file: "r.csv") == results)
        #expect(RunResult.csv(results).header.starts(with: ["dataset", "profile", "cell", "row", "seed", "status", "epochs"]))
        var complete = results[0]
        (complete.bestEpoch, complete.validationRawPerplexity, complete.validationAveragedPerplexity) = (3, 130.5, 125.25)
        (complete.learningRate, complete.lastLearningRate) = (0.1, 30 / 8192)
        complete.difference = "ar: 2 → 0; tar: 1 → 0"
        #expect(try RunResult.results(in: CSV(text: RunResult.csv([complete]).text, file: "r.csv"), file: "r.csv") == [complete])
        let broken = CSV(header: ["dataset", "profile", "cell"], records: [["ptb", "quick", "rnn"]])
        #expect(inputError { _ = try RunResult.results(in: broken, file: "r.csv") }?.message == "r.csv:2: cell: 'rnn' is not readable")
    }
}
