import Foundation
import Recurrent
import Testing

@Suite struct RecurrentStateTests {
    private let values: [Float] = [0.1, -0.0, 1e-42, .greatestFiniteMagnitude, -3.25, .infinity]

    @Test(arguments: [true, false]) func everyBitComesBack(hasInput: Bool) throws {
        let input: [Float]? = hasInput ? [7, 1 / 3] : nil
        for cell in [[], values.reversed()] {
            let state = RecurrentState(hidden: values + [.nan], cell: cell, input: input)
            let json = try JSONEncoder().encode(state)
            let read = try JSONDecoder().decode(RecurrentState.self, from: json)
            #expect(read.hidden.map(\.bitPattern) == state.hidden.map(\.bitPattern))
            #expect(read.cell.map(\.bitPattern) == state.cell.map(\.bitPattern))
            #expect(read.input == input)
        }
    }

    @Test func aValueTakesNoMoreThanItsBytes() throws {
        let state = RecurrentState(hidden: (0..<3000).map { 1 / Float($0 + 3) }, cell: [])
        #expect(try JSONEncoder().encode(state).count < 3000 * 6)
    }

    @Test func listsOfNumbersFromBeforeCanBeRead() throws {
        let json = Data(#"{"cell":[],"hidden":[0.5,-2,0.1],"input":[3]}"#.utf8)
        #expect(try JSONDecoder().decode(RecurrentState.self, from: json) == RecurrentState(hidden: [0.5, -2, 0.1], cell: [], input: [3]))
    }

    @Test(arguments: [#""AAAAAAA=""#, #""not base64""#, "7", #"["x"]"#, "null"]) func whatAreNoValuesIsRefused(cell: String) {
        let json = Data(#"{"cell":\#(cell),"hidden":[]}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(RecurrentState.self, from: json) }
    }
}
