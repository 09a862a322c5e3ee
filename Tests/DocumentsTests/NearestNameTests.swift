import Testing

@testable import Documents

@Suite struct NearestNameTests {
    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0), ("ab", "ba", 2)])
    func editDistance(a: String, b: String, distance: Int) {
        #expect(NearestName.distance(a, b) == distance)
    }
}
