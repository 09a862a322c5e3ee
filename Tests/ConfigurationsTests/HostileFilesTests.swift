import Documents
import Foundation
import ProjectFolders
import Testing

@testable import Configurations

/// Configurations, profiles and lists of rows that were made to do harm: refused with the file and a reason, before they cost anything.
@Suite struct HostileFilesTests {
    private func refusal(_ yaml: String) -> InputError? {
        var configuration = Configuration()
        let errors = [
            inputError { try configuration.overlay(yaml: yaml, file: "f.yaml") }, inputError { _ = try Configuration(yaml: yaml, file: "f.yaml") },
            inputError { _ = try Row.list(yaml: yaml, file: "f.yaml") },
            inputError { _ = try Configuration().full(differenceYAML: yaml, file: "f.yaml") },
        ]
        #expect(errors.allSatisfy { $0?.kind == .data && $0?.message.hasPrefix("f.yaml") == true && ($0?.message.utf8.count ?? 0) < 2_000 })
        return errors[0]
    }

    @Test func `aliases that expand without end are refused before they expand`() {
        let names = Array("abcdefghijklmnopqrstuvwxyz")
        let lines = zip(names.dropFirst(), names).map { "\($0): &\($0) [\(Array(repeating: "*\($1)", count: 10).joined(separator: ","))]\n" }
        // As a key, which the library compares with the others, it would be expanded.
        let bomb = "a: &a [x, x]\n" + lines.joined() + "? *z\n: 1\n"
        #expect(refusal(bomb)?.message == "f.yaml:2: *a: aliases are not allowed; write the value itself")
        for yaml in ["a: &a\n  b: *a\n", "*x", "ar: \"1\" # *y", "{ar: 1,\"b\":*c}", "- &a full\n- *a\n"] {
            #expect(refusal(yaml)?.message.contains("aliases are not allowed") == true, "\(yaml)")
        }
    }

    @Test(arguments: ["/texts/ *mine", "/a b/*x", "/q\"*x", "/x *", "/\\*y", "/a*b &c"])
    func `a folder whose name looks like an alias can be written and read`(path: String) throws {
        var configuration = Configuration()
        configuration.dataset = path
        #expect(try Configuration(yaml: configuration.yaml, file: "f") == configuration)
        var other = configuration
        other.dataset = "/texts"
        #expect(try other.full(differenceYAML: configuration.differenceYAML(to: other), file: "f") == configuration)
    }

    @Test func `deep nesting is refused`() {
        for opening in ["[", "{", "{a: ", "- ", "? ", "a:\n "] {
            let deep = String(repeating: opening, count: 300_000 / opening.utf8.count)
            #expect(refusal(deep) != nil, "\(opening)")
            #expect(refusal("ar: " + deep) != nil, "\(opening)")
        }
        let steps = (0..<1_200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(refusal(steps) != nil)
    }

    @Test(arguments: ["ar: nan", "ar: .nan", "ar: .inf", "ar: 1e999", "epochs: 1e3", "epochs: 3.0", "nt-asgd: 1", "nt-asgd: yes", "ar: [1]", "ar: ", "cell: gru", "x: 1", "ar: 1\nar: 2", "gru: {ar: 1, ar: 1}", "ar: 1\n---\nar: 2", "\u{0}", "ar: \u{1}"])
    func `wrong values, keys and forms are refused`(yaml: String) { _ = refusal(yaml) }

    @Test func `files of 100 MB, or without end, are refused unread`() throws {
        try withTemporaryFolder { folder in
            for name in ["Configs", "Ablations"] {
                try FileManager.default.copyItem(at: projectRoot.appendingPathComponent(name), to: folder.appendingPathComponent(name))
            }
            let files = try ProjectFiles(configs: folder.path)
            let profile = folder.appendingPathComponent("Configs/profiles/quick.yaml")
            let rows = folder.appendingPathComponent("Ablations/rows/paper.yaml")
            for file in [profile, rows] {
                try FileManager.default.removeItem(at: file)
                try FileManager.default.createSymbolicLink(at: file, withDestinationURL: URL(fileURLWithPath: "/dev/zero"))
            }
            func expectRefused() {
                let errors = [
                    inputError { _ = try files.configuration(dataset: "ptb", cell: .lstm, profile: "quick") },
                    inputError { _ = try files.rows(listed: "paper") }, inputError { _ = try Configuration(file: profile) },
                ]
                for error in errors { #expect(error?.kind == .data && error?.message.contains(".yaml: has more than 1.0 MB") == true || error?.message.contains(".yaml: has more than 1 MB") == true, "\(String(describing: error))") }
            }
            expectRefused()
            for file in [profile, rows] {
                try FileManager.default.removeItem(at: file)
                try Data(repeating: UInt8(ascii: "#"), count: 100_000_000).write(to: file)
            }
            expectRefused()
        }
    }

    @Test func `a row that is listed twice is refused`() {
        #expect(inputError { _ = try Row.list(yaml: "- full\n- ar+tar\n- tar+ar\n", file: "f") }?.message.hasPrefix("f:3: the row 'ar+tar' is listed twice") == true)
    }
}
