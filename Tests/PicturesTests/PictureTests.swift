import Documents
import Foundation
import Testing

@testable import Pictures

/// Scripts and pictures from data of any kind.
@Suite struct PictureTests {
    static let gnuplot = try? Gnuplot()
    static let isNeeded: Comment = "needs gnuplot; make deps-pictures"

    private func forest(row: String = "nt-asgd", panel: String = "LSTM", mean: Double? = 2, note: String = "") -> ForestPlot {
        ForestPlot(
            name: "forest", title: "A <title> & more",
            panels: [.init(title: panel, marks: [
                .init(row: "full-size", mean: -3, low: -4, high: -2, other: 8, note: ""), .init(row: row, mean: mean, low: nil, high: nil, other: nil, note: note),
            ])], axis: "Δ", legend: "here", otherLegend: "the paper")
    }

    @Test func aMissingProgramIsToldWithWhatToInstall() {
        let error = #expect(throws: InputError.self) { try Gnuplot(searchPath: "/nowhere:") }
        #expect(error?.kind == .inputOutput && error?.message.contains("gnuplot-nox") == true)
    }

    @Test(arguments: ["'; system('touch x') #", "\"`touch x`\"", "a\nEND\nplot x", "@macro |b| \\ ${x}", "\u{202E}x\u{0}"])
    func whatAFileHoldsNeverBecomesACommand(text: String) {
        for script in [forest(row: text).plot(.wide).script, forest(panel: text).plot(.narrow).script, forest(mean: nil, note: text).plot(.wide).script] {
            #expect(script.split(separator: "\n").count == forest().plot(.wide).script.split(separator: "\n").count
                || script.split(separator: "\n").count == forest().plot(.narrow).script.split(separator: "\n").count)
            for sign in ["touch x'", "`", "\"", "\\", "@", "${", "system('"] { #expect(!script.contains(sign), "\(sign)") }
        }
    }

    @Test func everyFigureIsInTheDescription() {
        let description = forest(mean: nil, note: "diverged in epoch 3").plot(.wide).description
        #expect(description.contains("LSTM: full-size -3.00 (-4.00 to -2.00), paper 8.0; nt-asgd: diverged in epoch 3."), "\(description)")
    }

    @Test func theDigestIsOfDataAndLayout() {
        let digest = forest().plot(.wide).digest
        #expect(digest == forest().plot(.wide).digest)
        #expect(digest != forest(mean: 2.0001).plot(.wide).digest && digest != forest().plot(.narrow).digest)
    }

    @Test func curvesAreCutOffAroundTheLeastOfTheValidationText() {
        func plot(_ values: [Double], raw: Double? = nil) -> CurvePlot {
            CurvePlot(
                name: "c", title: "c", points: values.enumerated().map { .init(time: Double($0 + 1), training: $1, raw: raw, averaged: nil) },
                timeUnit: "epochs", averagingStart: nil, fineTuningStart: nil, best: nil)
        }
        let shown = CurvePlot.Bounds(of: [plot([300, 10], raw: 100), plot([3e12])]).perplexity
        #expect(shown.lowerBound < 60 && shown.lowerBound > 50 && shown.upperBound > 300 && shown.upperBound < 330, "\(shown)")
        #expect(CurvePlot.Bounds(of: [plot([140, 90], raw: 100)]).perplexity.contains(140))
        let bounds = CurvePlot.Bounds(of: [plot([300, 100])])
        #expect(plot([300, 100]).plot(in: bounds, hasKey: false).description.contains("training from 300.00 to 100.00"))
    }

    @Test(.enabled(if: gnuplot != nil, isNeeded))
    func picturesFollowLightAndDarkAndHaveATitle() throws {
        let gnuplot = try #require(Self.gnuplot)
        let plot = forest(row: "<b>&amp;'\"", panel: "<i>").plot(.wide)
        let svg = String(decoding: try #require(try gnuplot.draw([plot], as: .svg).first), as: UTF8.self)
        #expect(svg.contains("<title id=\"title\">A &lt;title&gt; &amp; more</title>") && svg.contains("<desc id=\"desc\">"))
        #expect(svg.contains("prefers-color-scheme:dark") && svg.contains(plot.digest))
        // Every colour has its counterpart on a dark page.
        let colors = Set(svg.matches(of: /(?:fill|stroke|color)=["'](#[0-9a-f]{6})["']/).map { String($0.1) })
        #expect(colors.count > 4 && colors.isSubset(of: Palette.allCases.map(\.rawValue)), "\(colors)")
        #expect(!svg.contains("rgb(") && !svg.contains("<b>") && !svg.contains("<i>"))
        let pdf = try #require(try gnuplot.draw([plot], as: .pdf).first)
        #expect(pdf.starts(with: Data("%PDF-".utf8)))
    }
}
