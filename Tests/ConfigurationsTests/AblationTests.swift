import Documents
import ProjectFolders
import Testing

@testable import Configurations

@Suite struct AblationTests {
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
        let error = try #require(inputError { _ = try Row(name: name) })
        #expect(error.kind == .usage)
        #expect(error.message.contains("Did you mean '\(suggestion)'?"))
    }

    @Test(arguments: ["", "+", "ar+", "full+ar", "xyzzyxyzzyxyzzyxyzzy"])
    func whatIsNoRowIsRefused(name: String) {
        #expect(inputError { _ = try Row(name: name) }?.kind == .usage)
    }
}
