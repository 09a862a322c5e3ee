import Kernels
import Regularizers
import Testing

@Suite struct VariableLengthBPTTTests {
    private let stream = RandomStream(seed: 4, name: "windows")

    @Test func offEveryWindowHasTheBaseLengthAndNothingIsDrawn() {
        var technique = VariableLengthBPTT(isOn: false, baseLength: 70, stream: stream)
        for _ in 0..<10 {
            let (length, scale) = technique.draw()
            #expect(length == 70 && scale == 1)
        }
        #expect(technique.stream == stream)
        #expect(technique.maximumLength == 70 && technique.lengthsInPractice == 70...70)
    }

    @Test func lengthsLieAroundTheBaseAndNowAndThenAroundHalfOfIt() {
        var technique = VariableLengthBPTT(isOn: true, baseLength: 70, stream: stream)
        let count = 40_000
        var lengths: [Int] = []
        for _ in 0..<count {
            let (length, scale) = technique.draw()
            #expect(scale == Float(length) / 70)
            #expect(length >= 5 && length <= technique.maximumLength)
            lengths.append(length)
        }
        #expect(technique.lengthsInPractice == 5...95 && lengths.allSatisfy(technique.lengthsInPractice.contains))
        let short = lengths.filter { $0 < 52 }
        let long = lengths.filter { $0 >= 52 }
        let shortShare = Double(short.count) / Double(count)
        #expect(abs(shortShare - 0.05) < 5 * (0.05 * 0.95 / Double(count)).squareRoot())
        // int() cuts half a token off the mean on average; the variance of 25 grows by that of rounding, 1/12.
        for (lengths, mean) in [(long, 69.5), (short, 34.5)] {
            let n = Double(lengths.count)
            let average = Double(lengths.reduce(0, +)) / n
            let variance = lengths.reduce(0.0) { $0 + (Double($1) - average) * (Double($1) - average) } / n
            #expect(abs(average - mean) < 5 * 5 / n.squareRoot())
            #expect(abs(variance.squareRoot() - 5.01) < 5 * 5 / (2 * n).squareRoot())
        }
    }

    @Test func noWindowIsShorterThanFive() {
        var technique = VariableLengthBPTT(isOn: true, baseLength: 6, stream: stream)
        let lengths = (0..<2000).map { _ in technique.draw().length }
        #expect(lengths.min() == 5)
    }
}
