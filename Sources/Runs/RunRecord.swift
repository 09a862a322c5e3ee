import Documents
import Foundation
import Pictures
import Tables

/// What the folder of one run holds of it, finished or not.
struct RunRecord: Sendable {
    let name: String
    /// Nil where it has not come to one.
    let result: RunResult?
    let manifest: Manifest?
    let curve: LearningCurve?

    /// How it ended, or that it has not.
    var state: String {
        switch result?.status {
        case .ok: "finished"
        case .diverged: "diverged in epoch \((result?.epochs).text)"
        case .failed: "failed" + (result.map { $0.reason.isEmpty ? "" : ": \($0.reason)" } ?? "")
        case nil: "not finished"
        }
    }

    /// Runs whose curves are drawn to one scale have the same.
    var cell: String { result?.cell.rawValue.uppercased() ?? name.prefix { $0 != "-" }.uppercased() }

    /// Of the curves.
    var plot: CurvePlot? { curve?.plot(name: name, title: "Learning curves of \(name)") }
}

extension RunStore {
    /// The runs of the folder: the finished ones in the order of the table, then the others by name.
    ///
    /// - Throws: `InputError` when a file of one is damaged.
    func records() throws -> [RunRecord] {
        let records = try runFolders().map { run in
            RunRecord(name: run.lastPathComponent, result: try result(in: run), manifest: try Manifest(in: run), curve: try LearningCurve(in: run))
        }
        let finished = records.filter { $0.result != nil }.sorted { first, second in
            first.result.flatMap { one in second.result.map { one < $0 } } ?? false
        }
        return finished + records.filter { $0.result == nil }
    }
}
