import Optimizers
import Testing

@Suite struct NonMonotonicTriggerTests {
    /// n, the losses epoch by epoch, and the first epoch, from 1, at which the trigger fires.
    private static let table: [(interval: Int, losses: [Double], epoch: Int?)] = [
        (5, [], nil),
        (5, [1, 9, 9, 9, 9, 9], nil),
        (5, [1, 9, 9, 9, 9, 9, 2], 7),
        (5, [9, 8, 7, 6, 5, 4, 3, 2, 1], nil),
        // Six epochs of history: all but the last five is the first alone.
        (5, [10, 1, 1, 1, 1, 1, 10], nil),
        (5, [10, 1, 1, 1, 1, 1, 10.001], 7),
        // The history must be longer than n before this epoch's own loss is appended.
        (5, [1, 2, 3, 4, 5, 6], nil),
        (5, [1, 2, 3, 4, 5, 6, 7], 7),
        (0, [3], nil),
        (0, [3, 2, 1], nil),
        (0, [3, 3, 3], nil),
        (0, [3, 2, 2.5], 3),
        (0, [3, 1, 2, 0], 3),
        (1, [3, 2, 1, 2.5], 4),
        (1, [3, 2, 1, 2], nil),
        // The minimum of the early history counts, not its last entry.
        (2, [1, 5, 4, 3, 2], 4),
        (2, [5, 4, 3, 3.5, 3.9, 3.2], 6),
        (2, [5, 4, 3, 3.5, 3.9, 3.0], nil),
    ]

    @Test(arguments: table.indices) func firesAtTheEpochOfTheTable(index: Int) {
        let (interval, losses, expected) = Self.table[index]
        var trigger = NonMonotonicTrigger(interval: interval)
        let fired = losses.map { trigger.record($0) }.firstIndex(of: true).map { $0 + 1 }
        #expect(fired == expected)
        #expect(trigger.history == losses)
    }

    /// The rule spelled out again with loops, over many random courses.
    @Test func agreesWithTheDefinition() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let interval = Int.random(in: 0...6, using: &random)
            let losses = (0..<14).map { _ in Double(Int.random(in: 0...9, using: &random)) }
            var trigger = NonMonotonicTrigger(interval: interval)
            for (epoch, loss) in losses.enumerated() {
                var expected = false
                if epoch > interval {
                    var smallest = Double.infinity
                    for earlier in 0..<(epoch - interval) { smallest = min(smallest, losses[earlier]) }
                    expected = loss > smallest
                }
                let fired = trigger.record(loss)
                #expect(fired == expected, "n \(interval), epoch \(epoch) of \(losses)")
            }
        }
    }

    @Test func aResetForgetsTheHistory() {
        var trigger = NonMonotonicTrigger(interval: 1)
        #expect([1, 2].map { trigger.record($0) } == [false, false])
        trigger.reset()
        #expect(trigger.history.isEmpty)
        #expect([5, 6, 7].map { trigger.record($0) } == [false, false, true], "two losses are again too few")
    }
}
