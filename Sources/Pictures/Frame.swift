/// Where the parts of a forest plot stand, in pixels from the left and lower edge.
struct Frame {
    struct Area {
        let left, right, bottom, top: Double
    }

    static let longestLabel = 26
    static let lineHeight = 18.0

    let width: Int
    let height: Int
    let fontSize: Int
    /// Lines of each note below the panels.
    let notes: [[String]]
    private let panels: Int
    private let isWide: Bool
    private let rowsHeight: Double
    private let labelWidth: Double

    private static let titleHeight = 34.0
    private static let ticksHeight = 26.0
    private static let gap = 24.0
    private static let edge = 14.0

    init(_ layout: ForestPlot.Layout, rows: [String], panels: Int, notes: [[String]]) {
        self.panels = panels
        self.notes = notes
        isWide = layout == .wide
        fontSize = isWide ? 13 : 12
        width = isWide ? 900 : 360
        rowsHeight = Double(max(1, rows.count)) * (isWide ? 26 : 23)
        let longest = rows.map(\.count).max() ?? 0
        labelWidth = Self.edge + Double(min(longest, Self.longestLabel)) * (isWide ? 7.4 : 6.7) + 6
        let panelHeight = Self.titleHeight + rowsHeight + Self.ticksHeight
        let notesHeight = notes.reduce(0) { $0 + Double($1.count) * Self.lineHeight + 3 } + 14
        height = Int(panelHeight * Double(isWide ? 1 : panels) + notesHeight)
    }

    /// Where a panel's points are.
    func area(_ index: Int) -> Area {
        let right = Double(width) - Self.edge
        guard isWide else {
            let top = Double(height) - Double(index) * (Self.titleHeight + rowsHeight + Self.ticksHeight) - Self.titleHeight
            return Area(left: labelWidth, right: right, bottom: top - rowsHeight, top: top)
        }
        let panelWidth = (right - labelWidth - Self.gap * Double(panels - 1)) / Double(panels)
        let left = labelWidth + Double(index) * (panelWidth + Self.gap)
        let top = Double(height) - Self.titleHeight
        return Area(left: left, right: left + panelWidth, bottom: top - rowsHeight, top: top)
    }

    /// Whether a panel has the rows' names at its side.
    func hasLabels(_ index: Int) -> Bool { !isWide || index == 0 }

    /// The middle of the first line below the panels.
    var notesTop: Double { area(panels - 1).bottom - Self.ticksHeight - 16 }
    var notesLeft: Double { isWide ? labelWidth : Self.edge }

    var tickCount: Int { isWide && panels < 2 ? 9 : 5 }
    var longestNote: Int { isWide ? 34 : 20 }
}
