import Documents

/// Differences with their intervals, a line a row, beside those of another source; one panel or several with the same rows and scale.
public struct ForestPlot: Equatable, Sendable {
    /// What one row of a panel shows.
    public struct Mark: Equatable, Sendable {
        /// The row's name.
        public let row: String
        /// The difference and the ends of its interval, where they are known.
        public let mean, low, high: Double?
        /// The same difference of the other source.
        public let other: Double?
        /// What stands in place of a difference that is not known.
        public let note: String

        public init(row: String, mean: Double?, low: Double?, high: Double?, other: Double?, note: String) {
            (self.row, self.mean, self.low, self.high, self.other, self.note) = (row, mean, low, high, other, note)
        }
    }

    /// Marks under a title.
    public struct Panel: Equatable, Sendable {
        /// Above the panel.
        public let title: String
        /// One a row at most.
        public let marks: [Mark]

        public init(title: String, marks: [Mark]) { (self.title, self.marks) = (title, marks) }
    }

    /// How the panels stand.
    public enum Layout: Sendable {
        /// Side by side, for pages of 900 pixels.
        case wide
        /// One below the other, for telephones.
        case narrow
    }

    let name: String
    let title: String
    let panels: [Panel]
    let axis: String
    let legend: String
    let otherLegend: String

    /// - Parameters:
    ///   - name: of the file.
    ///   - panels: at least one.
    ///   - axis: what a difference is.
    ///   - legend: whose the differences are, and what the intervals.
    ///   - otherLegend: whose the others are.
    public init(name: String, title: String, panels: [Panel], axis: String, legend: String, otherLegend: String) {
        (self.name, self.title, self.panels) = (name, title, panels)
        (self.axis, self.legend, self.otherLegend) = (axis, legend, otherLegend)
    }

    /// The rows of all panels, each once.
    private var rows: [String] {
        var seen: Set<String> = []
        return panels.flatMap(\.marks).map(\.row).filter { seen.insert($0).inserted }
    }

    private var hasOthers: Bool { panels.flatMap(\.marks).contains { $0.other != nil } }

    /// The plot, set for a page.
    public func plot(_ layout: Layout) -> Plot {
        let frame = Frame(layout, rows: rows, panels: panels.count, notes: notes(for: layout))
        return Plot(
            name: name, title: title, description: description, width: frame.width, height: frame.height, fontSize: frame.fontSize,
            script: script(frame))
    }

    /// The lines below the panels: of the axis, of the differences here, of the others.
    private func notes(for layout: Layout) -> [[String]] {
        ([axis, legend] + (hasOthers ? [otherLegend] : [])).map { text in
            AlignedText.wrapped(text, width: layout == .wide ? 110 : 52, indent: 0).split(separator: "\n").map(String.init)
        }
    }

    /// Every figure of the plot in words.
    private var description: String {
        let parts = panels.map { panel in
            let marks = panel.marks.map { mark in
                guard let mean = mark.mean else { return "\(mark.row): \(mark.note.isEmpty ? "no difference" : mark.note)" }
                let interval = mark.low.flatMap { low in mark.high.map { " (\(low.text(2)) to \($0.text(2)))" } } ?? ""
                return "\(mark.row) \(mean.text(2))\(interval)" + (mark.other.map { ", paper \($0.text(1))" } ?? "")
            }
            return "\(panel.title): \(marks.joined(separator: "; "))."
        }
        return ([axis, "Here: \(legend.trimmingPrefix("here, "))."] + parts).joined(separator: " ")
    }

    // MARK: The script

    private func script(_ frame: Frame) -> String {
        let (rows, range) = (rows, range)
        func place(_ x: Double, _ y: Double) -> String { Plot.place(x, y, width: frame.width, height: frame.height) }
        var lines = [
            "set multiplot", "unset key", "set datafile separator '|'", "set datafile missing '?'",
            "set border 1 linecolor \(Palette.axis.color)", "set tics nomirror scale 0.4 textcolor \(Palette.quietText.color)",
            "set xtics \(Scale.step(of: range, count: frame.tickCount))",
            "set grid xtics ytics linetype 1 linecolor \(Palette.grid.color) linewidth 1",
            "set xrange [\(Plot.number(range.lowerBound)):\(Plot.number(range.upperBound))]",
            "set yrange [\(Double(rows.count) - 0.4):-0.6]",
            "set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead linecolor \(Palette.quietText.color) linewidth 1.2",
        ]
        lines += noteLines(frame)
        for (index, panel) in panels.enumerated() {
            let area = frame.area(index)
            lines += [
                "set label 1 '\(Plot.safe(panel.title, longest: 60))' at \(place(area.left, area.top + 14)) textcolor \(Palette.text.color) "
                    + "font 'sans-serif,\(frame.fontSize + 2)'",
                "set lmargin at screen \(Plot.number(area.left / Double(frame.width)))",
                "set rmargin at screen \(Plot.number(area.right / Double(frame.width)))",
                "set bmargin at screen \(Plot.number(area.bottom / Double(frame.height)))",
                "set tmargin at screen \(Plot.number(area.top / Double(frame.height)))",
                "set ytics scale 0 textcolor \(Palette.text.color) (" + rows.enumerated().map { number, row in
                    "'\(frame.hasLabels(index) ? Plot.safe(row, longest: Frame.longestLabel) : "")' \(number)"
                }.joined(separator: ", ") + ")",
                "$marks << END",
            ]
            lines += panel.marks.map { mark in
                let row = rows.firstIndex(of: mark.row) ?? 0
                let note = mark.mean == nil ? Plot.safe(mark.note, longest: frame.longestNote) : ""
                return ([String(row)] + [mark.mean, mark.low, mark.high, mark.other].map(Plot.number)
                    + [note]).joined(separator: "|")
            }
            lines += [
                "END",
                """
                plot $marks using 2:1:3:4 with xerrorbars pointtype 7 pointsize 0.8 linewidth 2 linecolor \(Palette.here.color), \
                '' using 2:1 with points pointtype 7 pointsize 0.8 linecolor \(Palette.here.color), \
                '' using 5:1 with points pointtype 12 pointsize 0.9 linewidth 2 linecolor \(Palette.other.color), \
                '' using (0):1:6 with labels left offset 0.8,0 textcolor \(Palette.quietText.color)
                """,
                "unset for [i=100:199] label i",
            ]
        }
        return (lines + ["unset multiplot"]).joined(separator: "\n")
    }

    /// Axis and legend below the last panel.
    private func noteLines(_ frame: Frame) -> [String] {
        var lines: [String] = []
        var y = frame.notesTop
        let marks = ["", "pointtype 7 pointsize 0.8 linecolor \(Palette.here.color)", "pointtype 12 pointsize 0.9 linewidth 2 linecolor \(Palette.other.color)"]
        for (note, mark) in zip(frame.notes, marks) {
            let indent = mark.isEmpty ? 0.0 : 14
            if !mark.isEmpty {
                let place = Plot.place(frame.notesLeft + 4, y, width: frame.width, height: frame.height)
                lines.append("set label \(100 + lines.count) '' at \(place) point \(mark)")
            }
            for text in note {
                let place = Plot.place(frame.notesLeft + indent, y, width: frame.width, height: frame.height)
                lines.append("set label \(100 + lines.count) '\(Plot.safe(text, longest: 200))' at \(place) textcolor \(Palette.quietText.color)")
                y -= Frame.lineHeight
            }
            y -= 3
        }
        return lines
    }

    /// Of all panels, with zero and a little room.
    private var range: ClosedRange<Double> {
        let values = panels.flatMap(\.marks).flatMap { [$0.mean, $0.low, $0.high, $0.other] }.compactMap { $0 }.filter(\.isFinite)
        let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
        let room = max(high - low, 0.1) * 0.06
        return (low - room)...(high + room)
    }
}
