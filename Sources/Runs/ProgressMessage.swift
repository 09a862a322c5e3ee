import Foundation
import LanguageModel

/// What a child process tells its parent, one JSON object a line.
enum ProgressMessage: Codable, Sendable {
    case progress(TrainingProgress)
    case interval(IntervalMetrics)
    /// Training tokens a second, measured by a probe.
    case rate(Double)
    /// What a person should know of a run that goes on all the same.
    case warning(String)

    var line: Data {
        get throws { try JSONEncoder().encode(self) + Data("\n".utf8) }
    }

    /// Nil when the line is no message.
    init?(line: Data) {
        guard let message = try? JSONDecoder().decode(ProgressMessage.self, from: line) else { return nil }
        self = message
    }
}
