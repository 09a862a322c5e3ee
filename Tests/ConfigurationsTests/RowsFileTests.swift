import Documents
import ProjectFolders
import Testing

@testable import Configurations

/// Rows that a file names as changes of the configuration.
@Suite struct RowsFileTests {
    private func rows(_ yaml: String) throws -> [Row] { try Row.list(yaml: yaml, file: "f.yaml") }

    @Test func `a row is a removal, or a name with the keys that it sets`() throws {
        let rows = try rows("# rows\n- weight-dropping\n- strong: {weight-dropping: 0.70}\n- b.1_x:\n    ar: 1\n    nt-asgd: false\n- tar+ar\n")
        #expect(rows.map(\.name) == ["weight-dropping", "strong", "b.1_x", "ar+tar"])
        #expect(rows.map(\.isFromFile) == [false, true, true, false])
        let full = try projectFiles().configuration(dataset: "ptb", cell: .gru, profile: "paper")
        #expect(rows.map { full.differences(to: $0.apply(full)).map(\.description) } == [
            ["weight-dropping: 0.5 → 0"], ["weight-dropping: 0.5 → 0.7"], ["ar: 2 → 1", "nt-asgd: true → false"], ["ar: 2 → 0", "tar: 1 → 0"],
        ])
    }

    @Test func `rows stand in the order of their file, after the removals`() throws {
        let rows = try rows("- z: {ar: 0.1}\n- full\n- a: {ar: 1}\n- tar\n- m: {ar: 0.5}\n")
        #expect(rows.reversed().sorted().map(\.name) == ["full", "tar", "z", "a", "m"])
        #expect(try [Row(name: "ar=2"), rows[0]].sorted() == [rows[0], Row(name: "ar=2")])
    }

    @Test func `a definition and a file of the same rows are read as those rows`() throws {
        let rows = try rows("- full\n- ar\n- a: {ar: 1, weight-tying: false, recurrent-initialisation: orthogonal}\n- b: {learning-rate: 1e30}\n")
        #expect(rows.map(\.definition) == ["full", "ar", "a:ar=1,weight-tying=false,recurrent-initialisation=orthogonal", "b:learning-rate=1e+30"])
        #expect(try rows.map { try Row(definition: $0.definition) } == rows)
        #expect(try self.rows(Row.yaml(rows)) == rows)
        #expect(try rows[2] != Row(definition: "a:ar=2"))
    }

    @Test(arguments: ["a", "a:", "a:ar", "a:ar=1,", "full:ar=1", "a/b:ar=1", ":ar=1", "a:x=1", "a:ar=x"])
    func `what is no definition is refused`(text: String) {
        #expect(inputError { _ = try Row(definition: text) }?.kind == .usage)
    }

    @Test(arguments: [
        ("- a: {weight-droping: 0.1}", ":1: weight-droping: unknown key. Did you mean 'weight-dropping'?"),
        ("- a:\n    ar: 1\n    tar: -1", ":3: tar: '-1' is not allowed; it must be a number of at least 0"),
        ("- a: {ar: \"1\"}", ":1: ar: \"1\" is text"), ("- a: {seed: 1}", ":1: seed: is chosen with --seeds"),
        ("- a: {ar: 1}\n- b: {ar: 2}\n- a: {ar: 3}", ":3: the row 'a' is listed twice; it stands in line 1 already"),
        ("- a:\n    ar: 1\n    ar: 2", ":2: the key 'ar' stands there twice"), ("- x\n", ":1: unknown slug 'x'."),
        ("\n- full: {ar: 1}", ":2: 'full' is the full model"), ("- ar: {ar: 1}", ":1: 'ar' is the name of a removal"),
        ("- a: {}", ":1: a: sets nothing"), ("- a:", ":1: must be lines of 'key: value'"), ("- a: 3", ":1: must be lines of"),
        ("- a:\n  ar: 1", ":1: must be '- name' or '- name: {key: value}'"), ("- [a]", ":1: must be '- name' or"), ("- a: {ar: [1]}", ":1: ar: must be a single value"),
        ("a: {ar: 1}", ":1: must be a list, one row a line"), ("", ": is empty; must be a list"), ("# nothing\n", ": is empty; must be a list"), ("[]", ": is empty; must be"),
        ("- a: &x {ar: 1}\n- b: *x", ":2: *x: aliases are not allowed"), ("- a: {ar: 1", ": not readable as YAML: 2:1:"),
    ])
    func `what is wrong is named with file and line`(yaml: String, message: String) {
        let error = inputError { _ = try rows(yaml) }
        #expect(error?.kind == .data && error?.message.hasPrefix("f.yaml" + message) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["../x", "a/b", ".", "..", ".a", "-a", "_a", "a b", "a=1", "a+b", "a:b", "é", "a\u{0}", "$(x)", "a*", "", "a\n", "٣", String(repeating: "x", count: 81)])
    func `no name leads out of the output folder, or can be taken for another row`(name: String) {
        #expect(inputError { _ = try rows("- \(name.quotedLiteral): {ar: 1}") }?.message.contains("cannot name a row") == true)
        #expect(inputError { _ = try Row(name: name, settings: []) }?.kind == .usage)
    }
}
