import Documents
import Foundation
import Pictures
import Tables

/// The pictures of finished runs, and a page with all that is known of them.
public struct Report: Sendable {
    private let runs: ReportedRuns
    private let table: RemovalTable
    private let records: [RunRecord]

    /// - Throws: `InputError` (`data`) when a file of a run is damaged.
    public init(_ runs: ReportedRuns, table: RemovalTable) throws {
        (self.runs, self.table) = (runs, table)
        records = try runs.store?.records() ?? []
    }

    /// All plots, each complete in itself: the differences, and the curves of each run whose folder is there.
    public var plots: [Plot] {
        table.forests.map { $0.plot(.wide) } + curves.map { $0.plot.plot(in: $0.bounds, hasKey: true) }
    }

    /// The page, which needs no other file and no network.
    ///
    /// - Throws: `InputError` (`inputOutput`) when gnuplot fails.
    public func html(drawnBy gnuplot: Gnuplot) throws -> String {
        let forests = table.forests
        let curves = curves
        let layouts = forests.flatMap { [$0.plot(.wide), $0.plot(.narrow)] }
        let drawn = try gnuplot.draw(layouts + curves.map { $0.plot.plot(in: $0.bounds, hasKey: false) }, as: .svg)
        let pictures = zip(layouts + curves.map { $0.plot.plot(in: $0.bounds, hasKey: false) }, drawn).map { Picture(plot: $0, svg: $1) }
        let forestHTML = forests.indices.map { Picture.figure(wide: pictures[2 * $0], narrow: pictures[2 * $0 + 1]) }.joined()
        return HTMLPage(
            title: table.heading, introduction: introduction,
            sections: [
                .init(id: "comparable", heading: "What may be compared", html: HTMLPage.list(table.comparability)),
                .init(id: "differences", heading: "What each removal does", html: forests.isEmpty
                    ? "<p>One row alone: there are no differences to draw.</p>\n" : forestHTML),
                .init(id: "tables", heading: "The table", html: table.html + Self.legend),
                .init(id: "changes", heading: "What each row changes", html: table.changesHTML),
                .init(id: "curves", heading: "Learning curves", html: curvesHTML(curves, pictures.dropFirst(layouts.count).map { $0 })),
                .init(id: "manifest", heading: "What made the runs", html: ManifestSummary(records: records).html),
            ]
        ).text
    }

    private var introduction: String {
        let seeds = Set(runs.results.map(\.seed)).count
        let unfinished = runs.unfinished.isEmpty ? "" : ", \(runs.unfinished.count) not finished"
        return "\(runs.results.count.counted("run")) with \(seeds == 1 ? "one seed" : "\(seeds) seeds")\(unfinished). Perplexity: lower is better. "
            + "Δ is a row less the full model: above zero, taking the technique out hurts."
    }

    // MARK: Learning curves

    fileprivate struct Curve {
        let record: RunRecord
        let plot: CurvePlot
        let bounds: CurvePlot.Bounds
    }

    /// Those of one cell have the same scale.
    private var curves: [Curve] {
        let plots = records.compactMap { record in record.plot.map { (record: record, plot: $0) } }
        let bounds = Dictionary(grouping: plots, by: \.record.cell).mapValues { CurvePlot.Bounds(of: $0.map(\.plot)) }
        return plots.compactMap { plot in bounds[plot.record.cell].map { Curve(record: plot.record, plot: plot.plot, bounds: $0) } }
    }

    private func curvesHTML(_ curves: [Curve], _ pictures: [Picture]) -> String {
        guard !curves.isEmpty else { return "<p>No curves: they stand in the runs' folders, and none with a finished epoch is there.</p>\n" }
        let figures = zip(curves, pictures).map { curve, picture in (curve: curve, html: figure(curve, picture)) }
        let cells = figures.reduce(into: [(cell: String, html: String)]()) { cells, figure in
            if cells.last?.cell == figure.curve.record.cell { cells[cells.count - 1].html += figure.html } else { cells.append((figure.curve.record.cell, figure.html)) }
        }
        let missing = records.filter { $0.plot == nil }.map { "\($0.name): \($0.state)" }
        return CurvePlot.keyHTML
            + cells.map { "<h3>\($0.cell.escapedForMarkup)</h3>\n<ul class=\"curves\">\n\($0.html)</ul>\n" }.joined()
            + (missing.isEmpty ? "" : "<p>Without a finished epoch:</p>\n" + HTMLPage.list(missing))
    }

    private func figure(_ curve: Curve, _ picture: Picture) -> String {
        let record = curve.record
        let name = record.result.map { "\($0.row.name), seed \($0.seed)" } ?? record.name
        let state = record.result?.status == .ok ? [] : [record.state]
        let facts = (state + curve.plot.events).joined(separator: "; ")
        let table = curve.figures(id: "figures-\(record.name)".fileName)
        return """
            <li><figure>\(picture.image)
            <figcaption><strong>\(name.escapedForMarkup)</strong> \(facts.escapedForMarkup)</figcaption></figure>
            <details><summary>Figures<span class="unseen"> of \(record.name.escapedForMarkup)</span></summary>
            \(table)</details></li>

            """
    }

    /// What the columns are.
    private static let legend = """
        <details class="legend" open><summary>What the columns are</summary>
        <dl>
        <dt>n</dt><dd>seeds that gave figures</dd>
        <dt>valid, test</dt><dd>perplexity of the best checkpoint on validation and test text, the mean over the seeds</dd>
        <dt>Δ</dt><dd>row less full model (of a sweep: less the configuration's own value, else the first), paired by seed</dd>
        <dt>raw, averaged</dt><dd>validation perplexity of both kinds of weights after the best epoch, on the text that epochs are judged on; empty where not measured</dd>
        <dt>trigger</dt><dd>the epoch in or after which averaging starts, or the learning rate is first halved</dd>
        <dt>best</dt><dd>the epoch of the best checkpoint</dd>
        <dt>paper</dt><dd>the published figures of the LSTM at full size</dd>
        </dl>
        </details>

        """
}

extension Report.Curve {
    fileprivate func figures(id: String) -> String {
        record.curve?.table(id: id, caption: "Perplexities of \(record.name)").text ?? ""
    }
}
