import Testing

@testable import Experiments

@Suite struct AblationTests {
    private static let keys: [Ablation: [String: String]] = [
        .fineTuning: ["fine-tuning": "false"],
        .ntASGD: ["nt-asgd": "false"],
        .variableLengthBPTT: ["variable-length-bptt": "false"],
        .embeddingDropout: ["embedding-dropout": "0"],
        .weightDecay: ["weight-decay": "0"],
        .arTAR: ["ar": "0", "tar": "0"],
        .independentSizes: ["independent-sizes": "false"],
        .weightDropping: ["weight-dropping": "0"],
        .variationalDropout: [
            "variational-dropout-input": "0", "variational-dropout-hidden": "0", "variational-dropout-output": "0",
        ],
        .weightTying: ["weight-tying": "false"],
        .ar: ["ar": "0"],
        .tar: ["tar": "0"],
    ]

    @Test(arguments: Ablation.allCases)
    func changesItsOwnKeysOnly(ablation: Ablation) throws {
        let full = try projectFiles().configuration(dataset: "ptb", cell: .lstm, profile: "paper")
        let differences = full.differences(to: ablation.apply(full))
        #expect(Dictionary(uniqueKeysWithValues: differences.map { ($0.key, $0.second) }) == Self.keys[ablation])
        #expect(ablation.apply(ablation.apply(full)) == ablation.apply(full))
    }

    @Test func aRowRemovesAllOfItsSet() throws {
        let full = try projectFiles().configuration(dataset: "ptb", cell: .gru, profile: "paper")
        let row = try Row(name: "weight-dropping+ar")
        #expect(full.differences(to: row.apply(full)).map(\.key) == ["weight-dropping", "ar"])
        #expect(Row.full.apply(full) == full)
    }

    @Test func namesOfRows() throws {
        #expect(try Row(name: "full") == .full)
        #expect(Row.full.name == "full")
        #expect(try Row(name: "tar+ar") == Row(name: "ar+tar"))
        #expect(try Row(name: "tar+ar").name == "ar+tar")
        #expect(try Row(name: "ar+ar").name == "ar")
        for ablation in Ablation.allCases { #expect(try Row(name: ablation.rawValue).ablations == [ablation]) }
    }

    @Test(arguments: [
        ("weight-droping", "weight-dropping"), ("weight_dropping", "weight-dropping"), ("finetuning", "fine-tuning"),
        ("ntasgd", "nt-asgd"), ("ar-tarr", "ar-tar"), ("ar+weight-deca", "weight-decay"),
    ])
    func anUnknownSlugSuggestsTheNearest(name: String, suggestion: String) throws {
        let error = try #require(experimentError { _ = try Row(name: name) })
        #expect(error.kind == .usage)
        #expect(error.message.contains("Did you mean '\(suggestion)'?"))
    }

    @Test(arguments: ["", "+", "ar+", "full+ar", "xyzzyxyzzyxyzzyxyzzy"])
    func whatIsNoRowIsRefused(name: String) {
        #expect(experimentError { _ = try Row(name: name) }?.kind == .usage)
    }

    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0), ("ab", "ba", 2)])
    func editDistance(a: String, b: String, distance: Int) {
        #expect(NearestName.distance(a, b) == distance)
    }
}
