import Kernels
import Testing

@Suite struct SequenceMemoryTests {
    @Test func anotherPassFindsTheSameBuffersWhereTheyAreLargeEnough() {
        let memory = SequenceMemory()
        let first = [memory.matrix(rows: 6, columns: 5), memory.matrix(rows: 2, columns: 3), memory.matrix(rows: 4, columns: 4)]
        #expect(Set(first.map { ObjectIdentifier($0.buffer) }).count == 3)
        first[1].fill(7)
        memory.rewind()
        let second = [memory.matrix(rows: 10, columns: 3), memory.matrix(rows: 7, columns: 1), memory.matrix(rows: 0, columns: 9)]
        #expect(second[0].buffer === first[0].buffer && second[0].stride == 3 && second[0].rows == 10)
        // Too small: the first pass keeps its own.
        #expect(second[1].buffer !== first[1].buffer && second[1].toArray() == Array(repeating: 0, count: 7))
        #expect(first[1].toArray() == Array(repeating: 7, count: 6))
        #expect(second[2].buffer === first[2].buffer)
        #expect(memory.matrix(rows: 1, columns: 2).rows == 1, "a pass may ask for more than the one before")
        memory.rewind()
        _ = memory.matrix(rows: 1, columns: 1)
        #expect(memory.matrix(rows: 7, columns: 1).buffer === second[1].buffer, "the larger one is what the next finds")
    }
}
