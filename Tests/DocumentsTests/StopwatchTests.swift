import Documents
import Testing

@Suite struct StopwatchTests {
    @Test func `it counts what passed before, and goes on`() async throws {
        let clock = Stopwatch(after: 5)
        let first = clock.seconds
        #expect(first >= 5 && first < 65)
        try await Task.sleep(for: .milliseconds(20))
        #expect(clock.seconds >= first + 0.02)
        #expect(Stopwatch().seconds >= 0)
    }
}
