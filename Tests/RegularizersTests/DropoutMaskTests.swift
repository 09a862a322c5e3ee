import Kernels
import Regularizers
import Testing

@Suite struct DropoutMaskTests {
    @Test(arguments: [0.1, 0.25, 0.4, 0.5, 0.65] as [Float])
    func valuesAreZeroOrScaledAndTheRateIsNearP(strength: Float) throws {
        var mask = DropoutMask(strength: strength, rows: 101, columns: 307, stream: RandomStream(seed: 1, name: "m"))
        mask.draw()
        let values = try #require(mask.values).toArray()
        let kept = 1 / (1 - strength)
        #expect(values.allSatisfy { $0 == 0 || abs($0 - kept) < 1e-6 })
        let count = Double(values.count)
        let rate = Double(values.count { $0 == 0 }) / count
        let p = Double(strength)
        #expect(abs(rate - p) < 5 * (p * (1 - p) / count).squareRoot())
    }

    @Test func everyRowAndColumnIsDrawnByItself() throws {
        var mask = DropoutMask(strength: 0.5, rows: 64, columns: 64, stream: RandomStream(seed: 2, name: "m"))
        mask.draw()
        let values = try #require(mask.values)
        #expect(Set((0..<64).map { values.rows($0..<$0 + 1).toArray() }).count == 64)
        #expect(Set((0..<64).map { values.columns($0..<$0 + 1).toArray() }).count == 64)
    }

    @Test func aDrawReplacesTheMaskAndASeedRepeatsIt() throws {
        var mask = DropoutMask(strength: 0.5, rows: 8, columns: 8, stream: RandomStream(seed: 3, name: "m"))
        #expect(try #require(mask.values).toArray() == Array(repeating: 1, count: 64), "ones until the first draw")
        mask.draw()
        let first = try #require(mask.values).toArray()
        mask.draw()
        #expect(try #require(mask.values).toArray() != first)
        var again = DropoutMask(strength: 0.5, rows: 8, columns: 8, stream: RandomStream(seed: 3, name: "m"))
        again.draw()
        #expect(try #require(again.values).toArray() == first)
    }

    @Test func strengthZeroIsAbsentAndDrawsNothing() {
        var mask = DropoutMask(strength: 0, rows: 8, columns: 8, stream: RandomStream(seed: 3, name: "m"))
        mask.draw()
        #expect(mask.values == nil)
        #expect(mask.stream == RandomStream(seed: 3, name: "m"))
    }
}
