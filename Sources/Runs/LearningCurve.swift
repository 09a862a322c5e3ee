import Documents
import Foundation
import Pictures

/// What `epochs.csv` or `intervals.csv` tells of a run's course.
struct LearningCurve: Equatable, Sendable {
    /// A line of the file.
    struct Judgement: Equatable, Sendable {
        let epoch: Int
        /// Where the weights are judged after a number of steps.
        let steps: Int?
        let stage: String
        let isAveraged: Bool
        let training, raw, averaged: Double?
        let isTrigger: Bool
        let isBest: Bool
    }

    let judgements: [Judgement]

    /// - Throws: `InputError` (`data`) naming file, line and column.
    init(_ csv: CSV, file: String) throws {
        judgements = try csv.rows.enumerated().map { index, values in
            let place = "\(file):\(csv.line(ofRecord: index))"
            func text(_ column: String) throws -> String {
                guard let text = values[column] else { throw InputError.data("\(place): the column '\(column)' is missing") }
                return text
            }
            func value<Value>(_ column: String, _ read: (String) -> Value?) throws -> Value {
                let text = try text(column)
                guard let value = read(text) else { throw InputError.data("\(place): \(column): '\(text)' is not readable") }
                return value
            }
            func perplexity(_ column: String) throws -> Double? {
                guard try !text(column).isEmpty else { return nil }
                // Of a run that diverged it may be infinite, and has no place in a picture.
                let perplexity = try value(column) { Double($0).flatMap { $0 > 0 ? $0 : nil } }
                return perplexity.isFinite ? perplexity : nil
            }
            return Judgement(
                epoch: try value("epoch", Int.init), steps: values["steps"] == nil ? nil : try value("steps", Int.init), stage: try text("stage"),
                isAveraged: try text("optimizer") == "asgd", training: try perplexity("train_ppl"), raw: try perplexity("valid_raw_ppl"),
                averaged: try perplexity("valid_averaged_ppl"), isTrigger: try value("trigger", Bool.init), isBest: try value("best", Bool.init))
        }
    }

    /// Of a run's folder; nil where it has neither file.
    init?(in runFolder: URL) throws {
        let files = [RunStore.File.intervals, RunStore.File.epochs].map { runFolder.appendingPathComponent($0) }
        guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else { return nil }
        try self.init(CSV(text: try TextFile.read(file), file: file.path), file: file.path)
    }

    private var isBySteps: Bool { judgements.first?.steps != nil }

    /// Nil before the first judgement.
    func plot(name: String, title: String) -> CurvePlot? {
        guard !judgements.isEmpty else { return nil }
        func time(_ index: Int) -> Double { index < 0 ? 0 : Double(judgements[index].steps ?? judgements[index].epoch) }
        func point(_ index: Int) -> CurvePlot.Point {
            let judgement = judgements[index]
            return .init(time: time(index), training: judgement.training, raw: judgement.raw, averaged: judgement.averaged)
        }
        let averaged = judgements.firstIndex(where: \.isAveraged)
        let halved = averaged == nil ? judgements.firstIndex(where: \.isTrigger) : nil
        let start = averaged.map { CurvePlot.Event(time: time($0 - 1), text: "averaging starts") }
            ?? halved.map { CurvePlot.Event(time: time($0), text: "learning rate halved") }
        let fineTuning = judgements.firstIndex { $0.stage != "main" }
        return CurvePlot(
            name: "curve-\(name)".fileName, title: title, points: judgements.indices.map(point), timeUnit: isBySteps ? "steps" : "epochs",
            averagingStart: start, fineTuningStart: fineTuning.map { .init(time: time($0 - 1), text: "fine-tuning starts") },
            best: judgements.firstIndex(where: \.isBest).map(point))
    }

    /// Every figure of the plot, and what is marked.
    func table(id: String, caption: String) -> HTMLTable {
        let start = judgements.firstIndex(where: \.isAveraged).map { $0 - 1 }
        let fineTuning = judgements.firstIndex { $0.stage != "main" }.map { $0 - 1 }
        return HTMLTable(
            id: id, caption: caption,
            header: ["epoch"] + (isBySteps ? ["steps"] : []) + ["training", "validation, raw", "validation, averaged", "mark"],
            rows: judgements.enumerated().map { index, judgement in
                let marks = [
                    index == start ? "averaging starts" : judgement.isTrigger && start == nil ? "learning rate halved" : "",
                    index == fineTuning ? "fine-tuning starts" : "", judgement.isBest ? "best" : "",
                ].filter { !$0.isEmpty }
                return [String(judgement.epoch)] + (isBySteps ? [judgement.steps.text] : [])
                    + [judgement.training, judgement.raw, judgement.averaged].map { $0.text(2) } + [marks.joined(separator: "; ")]
            }, leftAligned: [isBySteps ? 5 : 4])
    }
}
