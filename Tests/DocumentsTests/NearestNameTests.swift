import Testing

@testable import Documents

@Suite struct NearestNameTests {
    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0), ("ab", "ba", 2)])
    func editDistance(a: String, b: String, distance: Int) {
        #expect(NearestName.distance(a, b) == distance)
    }

    @Test(arguments: [
        ("PTB", "ptb"), ("Ptb", "ptb"), ("WT-2", "wt2"), ("Weight-Dropping", "weight-dropping"), ("WEIGHT_DROPPING", "weight-dropping"),
        ("NT_ASGD", "nt-asgd"), ("weight-droping", "weight-dropping"), ("xx", nil), ("novels", nil), ("", nil),
    ])
    func caseAndUnderscoresDoNotCount(name: String, meant: String?) {
        let candidates = ["ar", "ptb", "wt2", "weight-dropping", "nt-asgd"]
        #expect(NearestName.suggestion(for: name, among: candidates) == meant)
        #expect(NearestName.hint(for: name, among: candidates) == (meant.map { " Did you mean '\($0)'?" } ?? ""))
    }

    @Test func aNameThatDiffersInCaseAloneComesFirst() {
        #expect(NearestName.suggestion(for: "AR-TAR", among: ["ar", "tar", "ar-tar"]) == "ar-tar")
    }
}
