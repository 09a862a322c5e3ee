import Documents
import Foundation
import LanguageModel
import Testing

@testable import Runs

/// A run that diverges is judged before it does: its perplexity may be infinite.
@Suite struct LearningCurveTests {
    private static let header = "interval,epoch,steps,stage,optimizer,train_ppl,valid_raw_ppl,valid_averaged_ppl,trigger,best\r\n"

    @Test func `an infinite perplexity has no point in the curve`() throws {
        let text = Self.header + "1,1,1,main,sgd,inf,inf,,false,false\r\n2,1,2,main,sgd,12.5,nan,,false,true\r\n"
        #expect(throws: InputError.self) { try LearningCurve(CSV(text: text, file: "x"), file: "x") }
        let curve = try LearningCurve(CSV(text: text.replacing("nan", with: "13"), file: "x"), file: "x")
        #expect(curve.judgements.map(\.training) == [nil, 12.5] && curve.judgements.map(\.raw) == [nil, 13])
    }

    @Test func `an infinite perplexity reaches the parent`() throws {
        let progress = TrainingProgress(
            stage: .main, epoch: 1, epochs: 2, fraction: 0.5, tokensPerSecond: 1e300, trainPerplexity: .infinity, validationPerplexity: nil)
        guard case .progress(let received) = ProgressMessage(line: try ProgressMessage.progress(progress).line) else {
            Issue.record("no message")
            return
        }
        #expect(received.trainPerplexity == .infinity)
        // A speed from a damaged table is too large for a whole number.
        let line = ProgressLine(
            done: 0, total: 1, part: 0, timeLeft: "", runs: [ProgressLine.Run(name: "lstm-full-seed1", label: "full", progress: progress)])
        #expect(line.text(width: 1000).contains("tokens/s ppl inf"))
    }
}
