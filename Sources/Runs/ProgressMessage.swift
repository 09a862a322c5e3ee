import Foundation
import LanguageModel

/// What a child process tells its parent, one JSON object a line.
enum ProgressMessage: Codable, Sendable {
    case progress(TrainingProgress)
    case interval(IntervalMetrics)
    /// The moment of this name has come, or went by earlier; its fork is there, if it can be.
    case fork(String)
    /// The run has taken over another's state, with so many epochs begun.
    case startedFromFork(epochs: Int)
    /// Training tokens a second, measured by a probe.
    case rate(Double)
    /// What a person should know of a run that goes on all the same.
    case warning(String)

    var line: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }

    /// Nil when the line is no message.
    init?(line: Data) {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let message = try? decoder.decode(ProgressMessage.self, from: line) else { return nil }
        self = message
    }
}
