import Pictures
import Recurrent

extension RemovalTable {
    /// The differences with their intervals beside the paper's: a plot for each dataset, profile and swept key, with a panel for each cell. A part
    /// without differences has none.
    public var forests: [ForestPlot] {
        var groups: [(key: [String], parts: [Part])] = []
        for part in parts where part.lines.contains(where: { $0.row != part.baseline }) {
            let key = [part.group.dataset, part.group.profile] + (part.group.sweptKey.map { [$0] } ?? []) + [part.baseline.name]
            // A third configuration begins a plot of its own, so that panels stay wide enough.
            if let last = groups.last, last.key == key, last.parts.count < 2 {
                groups[groups.count - 1].parts.append(part)
            } else {
                groups.append((key, [part]))
            }
        }
        var names: [String: Int] = [:]
        return groups.map { group in
            let base = (["forest"] + group.key.dropLast()).joined(separator: "-").fileName
            let number = names[base, default: 0] + 1
            names[base] = number
            return Self.forest(group.parts, name: number == 1 ? base : "\(base)-\(number)")
        }
    }

    private static func forest(_ parts: [Part], name: String) -> ForestPlot {
        let isSweep = parts[0].group.sweptKey != nil
        let of = [parts[0].group.dataset, parts[0].group.profile] + (parts[0].group.sweptKey.map { [$0] } ?? [])
        let hint = isSweep ? "right of 0, the value does worse." : "right of 0, taking it out hurts."
        return ForestPlot(
            name: name, title: "Differences in validation perplexity: \(of.joined(separator: ", "))",
            panels: parts.map(\.forestPanel),
            axis: "Δ validation perplexity, row − \(parts[0].baseline.name): \(hint)",
            legend: "here, " + parts.map(\.intervalKind).uniqued.joined(separator: " / "),
            otherLegend: "the paper's LSTM at full size")
    }
}

extension RemovalTable.Part {
    fileprivate var forestPanel: ForestPlot.Panel {
        let digest = title.hasSuffix(group.configurationDigest) && !group.configurationDigest.isEmpty ? ", \(group.configurationDigest)" : ""
        return ForestPlot.Panel(title: group.cell.rawValue.uppercased() + digest, marks: lines.filter { $0.row != baseline }.map(\.forestMark))
    }

    /// What the intervals of the differences are.
    fileprivate var intervalKind: String {
        if lines.contains(where: { $0.difference.validation?.margin != nil }) { return "with the 95 % interval over seeds" }
        if lines.contains(where: { $0.textInterval != nil }) {
            return "one seed, with the 95 % interval from the validation text alone (another seed may differ by more)"
        }
        return "one seed, without an interval"
    }
}

extension RemovalTable.Line {
    fileprivate var forestMark: ForestPlot.Mark {
        let estimate = difference.validation
        let note = difference == .notTriggered ? "not triggered" : notes.first ?? "no figure"
        return ForestPlot.Mark(
            row: row.name, mean: estimate?.mean, low: estimate?.low ?? textInterval?.low, high: estimate?.high ?? textInterval?.high,
            other: publishedDifference, note: estimate == nil ? note : "")
    }
}

extension [String] {
    /// Each text once, where it comes first.
    fileprivate var uniqued: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
