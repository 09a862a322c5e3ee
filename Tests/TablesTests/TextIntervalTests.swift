import Configurations
import Documents
import Foundation
import LanguageModel
import ProjectFolders
import Testing

@testable import Tables

/// What one seed's validation text can tell.
@Suite struct TextIntervalTests {
    /// Sixty blocks of a full model and of a row, made by formulas that Python can say too.
    private static func blocks(isRow: Bool) -> [TextBlock] {
        (0..<60).map { index in
            let (i, tokens) = (Double(index), index % 15 == 14 ? 75 : 100)
            let base = 5 + 0.3 * sin(1.7 * i) + 0.2 * cos(0.4 * i * i)
            return TextBlock(
                tokens: tokens, negativeLogLikelihood: Double(tokens) * (base + (isRow ? 0.02 + 0.1 * sin(2.3 * i * i) : 0)))
        }
    }

    /// SciPy 1.17, with `t`, `row` and `base` as above in NumPy:
    ///
    ///     d = lambda t, a, b, axis: np.exp(a.sum(axis) / t.sum(axis)) - np.exp(b.sum(axis) / t.sum(axis))
    ///     bootstrap((t, row, base), d, paired=True, method='percentile', n_resamples=200_000, batch=10_000, rng=0)
    ///
    /// gives [-0.3861, 5.4656]; with 2,000 resamplings and six generators the ends lie within 0.09 of these.
    @Test func theIntervalIsSciPys() throws {
        let (row, full) = (Self.blocks(isRow: true), Self.blocks(isRow: false))
        let many = try #require(TextInterval(row, baseline: full, resamplings: 50_000))
        #expect(abs(many.low + 0.3861) < 0.04 && abs(many.high - 5.4656) < 0.04, "\(many)")
        let interval = try #require(TextInterval(row, baseline: full))
        #expect(abs(interval.low + 0.3861) < 0.2 && abs(interval.high - 5.4656) < 0.2, "\(interval)")
        // Other numbers of blocks and of texts in between change nothing.
        #expect(TextInterval(Array(row.prefix(41)), baseline: Array(full.prefix(41))) != interval && TextInterval(row, baseline: full, resamplings: 100) != interval)
        #expect(TextInterval(row, baseline: full) == interval)
    }

    /// Drawn apart, the texts of the two runs would differ by tens.
    @Test func theBlocksArePaired() throws {
        let full = Self.blocks(isRow: false)
        let same = try #require(TextInterval(full, baseline: full))
        #expect(same.low == 0 && same.high == 0)
        // Every token e times as improbable.
        let worse = full.map { TextBlock(tokens: $0.tokens, negativeLogLikelihood: $0.negativeLogLikelihood + Double($0.tokens)) }
        let interval = try #require(TextInterval(worse, baseline: full))
        #expect(interval.low > 200 && interval.low < interval.high && interval.high < 320, "\(interval)")
    }

    @Test func otherTextAndLittleTextHaveNone() {
        let (row, full) = (Self.blocks(isRow: true), Self.blocks(isRow: false))
        #expect(TextInterval(row, baseline: []) == nil && TextInterval([], baseline: []) == nil)
        #expect(TextInterval(row, baseline: Array(full.reversed())) == nil && TextInterval(row, baseline: Array(full.dropLast())) == nil)
        #expect(TextInterval(Array(row.prefix(19)), baseline: Array(full.prefix(19))) == nil)
        #expect(TextInterval(Array(row.prefix(20)), baseline: Array(full.prefix(20))) != nil)
    }

    /// NumPy's `percentile`.
    @Test func percentilesAreBetweenTheirNeighbours() {
        let values: [Double] = [1, 2, 4, 8]
        #expect(abs(TextInterval.quantile(0.025, of: values) - 1.075) < 1e-12 && abs(TextInterval.quantile(0.975, of: values) - 7.7) < 1e-12)
        #expect(TextInterval.quantile(0.975, of: [3]) == 3 && TextInterval.quantile(1, of: [1, 2]) == 2)
    }

    private func result(_ row: String, seed: Int = 1, blocks: Bool = true) throws -> RunResult {
        var result = RunResult()
        (result.dataset, result.profile, result.row, result.seed, result.status) = ("mine", "quick", try Row(name: row), seed, .ok)
        (result.triggerEpoch, result.fineTuningEpoch, result.vocabulary) = (3, 10, 100)
        let all = Self.blocks(isRow: row != "full")
        let (tokens, loss) = all.reduce((0, 0.0)) { ($0.0 + $1.tokens, $0.1 + $1.negativeLogLikelihood) }
        result.validationPerplexity = exp(loss / Double(tokens))
        result.testPerplexity = result.validationPerplexity
        if blocks { result.validationBlocks = all }
        return result
    }

    private func table(_ results: [RunResult]) -> RemovalTable { RemovalTable(results: results, published: PublishedTable()) }

    @Test func oneSeedHasAnIntervalOfTheTextInEveryForm() throws {
        let table = try table([result("full"), result("ar"), result("tar", blocks: false)])
        let interval = try #require(table.lines[1].textInterval)
        let (low, high) = (interval.low, interval.high)
        #expect(table.lines.map { $0.textInterval == nil } == [true, false, true] && table.lines.allSatisfy { $0.mark == "" })
        #expect(table.text.contains("Δ valid [text]") && table.text.contains("  2.49 [\(low.text(2)), \(high.text(2))]  "))
        #expect(table.text.contains("""
            [ ] is the 95 % interval of Δ valid from 2000 resamplings of stretches of 100 tokens of the validation text: what the text can tell, \
            not what another seed would.
            One seed: no row is marked.

            """))
        #expect(table.markdown.contains("| 2.49 \\[\(low.text(2)), \(high.text(2))\\] |"))
        #expect(low < 0 && table.latex.contains(" & 2.49 [$-$\((-low).text(2)), \(high.text(2))] & "))
        #expect(table.csv.rows.map { $0["delta_valid_text_low"] } == ["", low.text(4), ""])
        #expect(table.csv.rows.map { $0["delta_valid_text_high"] } == ["", high.text(4), ""])
        // It is no interval of seeds, in no column of theirs.
        for column in ["delta_valid_low", "delta_valid_high", "significant", "p_value", "holm_p_value"] {
            #expect(table.csv.rows.allSatisfy { $0[column] == "" })
        }
        #expect(try table.json.contains("\"delta_valid_text\"") && table.json.contains("\"resamplings\" : 2000"))
    }

    @Test func severalSeedsKeepTheirOwn() throws {
        let table = try table([result("full"), result("full", seed: 2), result("ar"), result("ar", seed: 2), result("tar")])
        #expect(table.lines.allSatisfy { $0.textInterval == nil } && !table.text.contains("[") && table.text.contains("±"))
        #expect(table.csv.rows.allSatisfy { $0["delta_valid_text_low"] == "" })
        #expect(try !table.json.contains("delta_valid_text"))
    }

    @Test func withoutBlocksThereIsNone() throws {
        let table = try table([result("full", blocks: false), result("ar")])
        #expect(table.text.contains("One seed: there are no intervals, and no row is marked.") && !table.text.contains("[text]"))
        var other = try result("ar")
        other.vocabulary = 99
        #expect(try !TablesTests.table([result("full"), other]).text.contains("[text]"))
    }

    @Test func aNarrowTerminalKeepsIt() throws {
        let table = try table([result("full"), result("variable-length-bptt")])
        for width in [40, 46, 60, 80] {
            let text = table.text(width: width)
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= width } && text.contains("\nLeft out") == (width < 80), "\(text)")
            #expect(text.contains("Δ valid") && text.contains("[text]"), "\(text)")
        }
        // The interval below its figure, where there is no room beside.
        let interval = try #require(table.lines[1].textInterval)
        let lines = table.text(width: 40).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("variable-length-bptt") && $0.hasSuffix(" 2.49") }, "\(lines)")
        #expect(lines.contains { $0.trimmingCharacters(in: .whitespaces) == "[\(interval.low.text(2)), \(interval.high.text(2))]" }, "\(lines)")
    }
}
