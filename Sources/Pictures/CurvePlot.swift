import Documents

/// The learning curves of one run: perplexity against the course of training, on a logarithmic scale.
public struct CurvePlot: Equatable, Sendable {
    /// What was measured at one moment.
    public struct Point: Equatable, Sendable {
        /// Epochs or steps so far.
        public let time: Double
        /// Perplexities: of the training text, and of the validation text by the raw and the averaged weights.
        public let training, raw, averaged: Double?

        public init(time: Double, training: Double?, raw: Double?, averaged: Double?) {
            (self.time, self.training, self.raw, self.averaged) = (time, training, raw, averaged)
        }
    }

    /// What happened at one moment.
    public struct Event: Equatable, Sendable {
        /// In the units of ``Point/time``.
        public let time: Double
        /// A few words.
        public let text: String

        public init(time: Double, text: String) { (self.time, self.text) = (time, text) }
    }

    let name: String
    let title: String
    let points: [Point]
    let timeUnit: String
    let averagingStart: Event?
    let fineTuningStart: Event?
    let best: Point?

    /// The largest time and the perplexities that are shown; the same for runs that are to be compared.
    public struct Bounds: Equatable, Sendable {
        let time: Double
        let perplexity: ClosedRange<Double>

        /// Of several runs: from 0.6 to 3 times the least perplexity of the validation text, as far as there is anything. A curve is cut off there,
        /// so that the first epochs and the training text do not press together what is to be compared.
        public init(of plots: [CurvePlot]) {
            let points = plots.flatMap(\.points)
            func known(_ values: [Double?]) -> [Double] { values.compactMap { $0 }.filter { $0.isFinite && $0 > 0 } }
            let values = known(points.flatMap { [$0.training, $0.raw, $0.averaged] })
            let least = known(points.flatMap { [$0.raw, $0.averaged] }).min() ?? values.min() ?? 1
            let low = max(values.min() ?? 1, least * 0.6)
            let high = min(values.max() ?? 10, least * 3)
            time = points.map(\.time).max() ?? 1
            perplexity = (low / 1.06)...(max(high, low * 1.2) * 1.06)
        }
    }

    /// - Parameters:
    ///   - name: of the file.
    ///   - timeUnit: `epochs` or `steps`.
    ///   - averagingStart: when averaging begins, or the learning rate is first halved.
    ///   - best: the moment of the best checkpoint.
    public init(
        name: String, title: String, points: [Point], timeUnit: String, averagingStart: Event?, fineTuningStart: Event?, best: Point?
    ) {
        (self.name, self.title, self.points, self.timeUnit) = (name, title, points, timeUnit)
        (self.averagingStart, self.fineTuningStart, self.best) = (averagingStart, fineTuningStart, best)
    }

    /// - Parameter hasKey: whether the picture says what its lines are, where no page does.
    public func plot(in bounds: Bounds, hasKey: Bool) -> Plot {
        Plot(
            name: name, title: title, description: description, width: 340, height: 220, fontSize: 12,
            script: script(bounds, hasKey: hasKey))
    }

    /// First, last and best figures in words.
    private var description: String {
        func course(_ name: String, _ value: KeyPath<Point, Double?>) -> String? {
            let values = points.compactMap { $0[keyPath: value] }
            return values.first.flatMap { first in values.last.map { "\(name) from \(first.text(2)) to \($0.text(2))" } }
        }
        let courses = [course("training", \.training), course("validation, raw,", \.raw), course("validation, averaged,", \.averaged)]
        return (["Perplexity: " + courses.compactMap { $0 }.joined(separator: "; ")] + events).joined(separator: "; ") + "."
    }

    /// What is marked, in words.
    public var events: [String] {
        [averagingStart, fineTuningStart].compactMap { $0 }.map { "\($0.text) after \(Self.text($0.time)) \(timeUnit)" }
            + (best.map { ["best after \(Self.text($0.time)) \(timeUnit)"] } ?? [])
    }

    /// What the lines are, for a page whose pictures have no key.
    public static let keyHTML = """
        <ul class="key" aria-label="What the lines are">
        <li><span class="line training"></span>training</li>
        <li><span class="line here"></span>validation, raw weights</li>
        <li><span class="line other"></span>validation, averaged weights</li>
        <li><span class="dot"></span>best checkpoint</li>
        <li><span class="dashed"></span>averaging starts, or the learning rate is halved</li>
        <li><span class="dotted"></span>fine-tuning starts</li>
        </ul>
        <p class="note">Perplexity on a logarithmic scale, the same for all runs of a cell. Curves are cut off below 0.6 and above 3 times the least
        perplexity of the validation text; all their figures stand below them.</p>

        """

    private static func text(_ time: Double) -> String { time.text(0) }

    private func script(_ bounds: Bounds, hasKey: Bool) -> String {
        let (width, height) = (340.0, 220.0)
        func edge(_ name: String, _ part: Double) -> String { "set \(name) at screen \(Plot.number(part))" }
        let ticks = Scale.logarithmicTicks(bounds.perplexity).map { "'\(String(Float($0).shortText))' \(Plot.number($0))" }
        func line(_ number: Int, at event: Event?, dash: String) -> [String] {
            event.map {
                let x = Plot.number($0.time)
                return ["set arrow \(number) from first \(x), graph 0 to first \(x), graph 1 nohead back dashtype \(dash) linewidth 1 linecolor \(Palette.quietText.color)"]
            } ?? []
        }
        let lines = [
            "set datafile separator '|'", "set datafile missing '?'", "set border 3 linecolor \(Palette.axis.color)",
            "set tics nomirror scale 0.4 textcolor \(Palette.quietText.color)",
            "set grid ytics linetype 1 linecolor \(Palette.grid.color) linewidth 1", "set logscale y",
            "set xrange [0:\(Plot.number(bounds.time))]", "set xtics \(Scale.step(of: 0...max(1, bounds.time), count: 5))",
            "set yrange [\(Plot.number(bounds.perplexity.lowerBound)):\(Plot.number(bounds.perplexity.upperBound))]",
            "set ytics (\(ticks.joined(separator: ", ")))",
            "set xlabel '\(timeUnit)' textcolor \(Palette.quietText.color)",
            hasKey
                ? "set key at graph 1, graph 1 right top reverse Left samplen 2 spacing 1.1 textcolor \(Palette.quietText.color) font 'sans-serif,10'"
                : "unset key",
            edge("lmargin", 40 / width), edge("rmargin", 1 - 14 / width), edge("tmargin", 1 - 10 / height), edge("bmargin", 44 / height),
        ]
        let rows = points.map { point in
            ([point.time, point.training, point.raw, point.averaged]
                + [best?.time == point.time ? point.averaged ?? point.raw : nil]).map(Plot.number).joined(separator: "|")
        }
        func curve(_ column: Int, _ title: String, _ color: Palette, _ width: Double) -> String {
            "$points using 1:\(column) with lines linewidth \(width) linecolor \(color.color) title '\(title)'"
        }
        let curves = [
            curve(2, "training", .training, 1.2), curve(3, "validation, raw", .here, 1.6), curve(4, "validation, averaged", .other, 2.4),
            "$points using 1:5 with points pointtype 7 pointsize 0.8 linecolor \(Palette.text.color) title 'best'",
        ]
        let data = ["$points << END"] + rows + ["END"]
        return (lines + line(1, at: averagingStart, dash: "(8,5)") + line(2, at: fineTuningStart, dash: "(1.5,3.5)") + data
            + ["plot " + curves.joined(separator: ", ")]).joined(separator: "\n")
    }
}
