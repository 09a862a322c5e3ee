import Recurrent

/// What runs must have in common for their figures to stand in one table.
struct RunGroup: Hashable, Sendable {
    let dataset: String
    let profile: String
    let cell: CellKind
    /// The key that a sweep varies; nil for the rows of the removal table.
    let sweptKey: String?
    /// Of the full model, in short; empty where it is not known.
    let configurationDigest: String

    /// `ptb, quick, LSTM`, and the key of a sweep.
    var title: String {
        "\(dataset), \(profile), \(cell.rawValue.uppercased())" + (sweptKey.map { ", \($0)" } ?? "")
    }
}

extension RunGroup: Comparable {
    /// By dataset, profile, cell (in the order of their declaration), the removal table before sweeps.
    static func < (first: RunGroup, second: RunGroup) -> Bool {
        func order(_ group: RunGroup) -> [String] {
            [group.dataset, group.profile, String(CellKind.allCases.firstIndex(of: group.cell) ?? 0), group.sweptKey ?? "", group.configurationDigest]
        }
        return order(first).lexicographicallyPrecedes(order(second))
    }
}

extension RunResult: Comparable {
    /// Whose figures this one's may be compared with.
    var group: RunGroup {
        RunGroup(
            dataset: dataset, profile: profile, cell: cell, sweptKey: row.setting?.key, configurationDigest: configurationDigest)
    }

    /// By group, row and seed.
    public static func < (first: RunResult, second: RunResult) -> Bool {
        if first.group != second.group { return first.group < second.group }
        return first.row == second.row ? first.seed < second.seed : first.row < second.row
    }
}
