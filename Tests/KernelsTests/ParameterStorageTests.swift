import Kernels
import Testing

@Suite struct ParameterStorageTests {
    @Test func viewsLieInOrderInOneBuffer() {
        let storage = ParameterStorage([
            ParameterShape("a", 2, 3), ParameterShape("b", 1, 4), ParameterShape("c", 3, 1),
        ])
        #expect(storage.count == 13)
        storage["a"].fill(1)
        storage["b"].fill(2)
        storage["c"].fill(3)
        #expect(storage.flat.toArray() == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3])
        storage.flat.fill(4)
        #expect(storage["b"].toArray() == [4, 4, 4, 4])
        #expect(storage["a"].rows == 2 && storage["a"].columns == 3)
        #expect(storage.shapes.map(\.name) == ["a", "b", "c"])
    }
}
