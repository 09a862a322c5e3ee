import LanguageModel
import Testing

@testable import Runs

@Suite struct ProgressLineTests {
    private func line(runs count: Int, timeLeft: String = "9 min", done: Int = 3) -> ProgressLine {
        let names = ["full", "variable-length-bptt", "ar"].prefix(count)
        return ProgressLine(
            done: done, total: 18, part: 0.3, timeLeft: timeLeft,
            runs: names.enumerated().map { index, name in
                let progress = TrainingProgress(
                    stage: .main, epoch: 3 + index, epochs: 15, fraction: 0, tokensPerSecond: 1234, trainPerplexity: 50, validationPerplexity: 181.5)
                return ProgressLine.Run(name: "lstm-\(name)-seed1", label: name, progress: index == 2 ? nil : progress)
            })
    }

    @Test func theWidthChoosesWhatIsShown() {
        let one = line(runs: 1)
        #expect(one.text(width: 300) == "[######..............] 3 of 18 runs done, 9 min left | lstm-full-seed1 3/15 1234 tokens/s ppl 181.5")
        #expect(one.text(width: 80) == "3 of 18 runs done, 9 min left | lstm-full-seed1 3/15 1234 tokens/s ppl 181.5")
        #expect(one.text(width: 60) == "3/18 done, 9 min left | lstm-full-seed1 3/15 ppl 181.5")
        #expect(one.text(width: 40) == "3/18 done, 9 min left | full 3/15")
        #expect(one.text(width: 30) == "3 of 18 runs done, 9 min left")
        #expect(one.text(width: 20) == "3/18, 9 min left")
        #expect(line(runs: 3).text(width: 80) == "3/18 done, 9 min left | full 3/15 | variable-length-bptt 4/15 | ar starting")
        #expect(line(runs: 3).text(width: 50) == "3/18 done, 9 min left | full 3/15 | ar starting")
        #expect(line(runs: 0).text(width: 40) == "3 of 18 runs done, 9 min left")
    }

    /// Every word is one of a line without bounds, and nothing is wider than there is room.
    @Test func noWordOrFigureIsCut() {
        for (timeLeft, done) in [("9 min", 3), ("3 days 23 h", 17), ("a long time", 0)] {
            for count in 0...3 {
                let line = line(runs: count, timeLeft: timeLeft, done: done)
                let words = Set((line.text(width: 1000) + " | full ar variable-length-bptt \(done)/18 \(done)/18, done done,").split(separator: " "))
                for width in 19...300 {
                    let text = line.text(width: width)
                    #expect(text.count <= width && !text.isEmpty && words.isSuperset(of: text.split(separator: " ")), "\(width): \(text)")
                }
            }
        }
    }
}
