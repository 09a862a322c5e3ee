import Documents
import ProjectFolders
import Testing

@testable import Configurations

@Suite struct SettingTests {
    @Test func aValueIsWrittenAsItsKeyWritesIt() throws {
        #expect(try Setting(key: "learning-rate", value: "14.0") == Setting(key: "learning-rate", value: "14"))
        #expect(try Row(name: "learning-rate=14.0").name == "learning-rate=14")
        #expect(try Row(name: "weight-tying=false").setting?.value == "false")
        #expect(try Row(name: "ar=2") != .full && Row(name: "ar=2").ablations.isEmpty)
    }

    @Test func onlyItsKeyChanges() throws {
        let full = try projectFiles().configuration(dataset: "ptb", cell: .gru, profile: "paper")
        let row = try Row(name: "recurrent-initialisation=orthogonal")
        #expect(full.differences(to: row.apply(full)).map(\.description) == ["recurrent-initialisation: uniform → orthogonal"])
        #expect(try Row(name: "learning-rate=10").apply(full) == full)
    }

    @Test func theOrderOfRows() throws {
        let names = ["full", "ar", "ar+tar", "hidden-size=9", "hidden-size=10", "weight-tying=false", "weight-tying=true", "learning-rate=1e-05", "learning-rate=2"]
        #expect(try names.reversed().map { try Row(name: $0) }.sorted().map(\.name) == names)
    }

    @Test(arguments: ["=", "=1", "learning-rate=", "learning-rate=0", "seed=1", "dataset=ptb", "ar=2+tar=1", "full=1"])
    func whatCannotBeSetIsRefused(name: String) {
        #expect(inputError { _ = try Row(name: name) }?.kind == .usage)
    }

    @Test func aListOfRemovalsHoldsNoSetting() {
        #expect(inputError { _ = try Row(slugs: "ar=1") }?.message.contains("unknown slug 'ar=1'") == true)
    }
}
