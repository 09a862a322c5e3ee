import Foundation
import ProjectFolders
import Testing

/// `ablate report` prints finished runs in every format, and what stands committed is what it prints.
@Suite struct ReportTests {
    private static let fixtures = projectRoot.appendingPathComponent("Tests/AblateTests/Fixtures/report")

    /// The figures of the fixture's reports agree with SciPy's (means, t intervals, exact permutation probability).
    @Test(arguments: ["text", "markdown", "latex", "csv", "json"])
    func everyFormatIsExactlyAsCommitted(format: String) throws {
        let result = try Program.run(["report", Self.fixtures.path + "/results.csv", "--format", format])
        #expect(result.status == 0 && result.errors == "", "\(result.errors)")
        #expect(result.output == (try text(Self.fixtures.appendingPathComponent("report.\(format)"))))
    }

    @Test func textIsTheDefaultAndJSONIsJSON() throws {
        let result = try Program.run(["report", Self.fixtures.path + "/results.csv"])
        #expect(result.output == (try text(Self.fixtures.appendingPathComponent("report.text"))))
        let json = try Program.run(["report", Self.fixtures.path + "/results.csv", "--format", "json"]).output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let part = try #require((object["parts"] as? [[String: Any]])?.first)
        #expect((part["agreement"] as? [String: Any])?["hurting_significantly"] as? Int == 3)
    }

    @Test func theReadmesTableIsTheReports() throws {
        for page in ["README.md", "Sources/Tables/Tables.docc/quick-table.md"] {
            let tables = try text(projectRoot.appendingPathComponent(page)).matches(of: /<!-- ablate (report .*) -->\n\n((?s).*?)\n<!-- end of report -->/)
            #expect(tables.count == 1)
            for table in tables {
                let result = try Program.run(table.1.split(separator: " ").map(String.init))
                #expect(result.status == 0 && result.output == table.2, "\(page): run 'make readme'; \(result.errors)")
            }
        }
    }

    @Test func theMeasuredTablesAreTheReports() throws {
        let measured = projectRoot.appendingPathComponent("Ablations/measured")
        let folders = try FileManager.default.subpathsOfDirectory(atPath: measured.path).filter { $0.hasSuffix("/results.csv") }
            .map { measured.appendingPathComponent($0).deletingLastPathComponent() }
        #expect(!folders.isEmpty)
        for folder in folders {
            for (file, format) in [("table.txt", "text"), ("table.csv", "csv")] {
                let report = try Program.run(["report", folder.path, "--format", format])
                #expect(report.output == (try text(folder.appendingPathComponent(file))), "\(folder.lastPathComponent)/\(file); \(report.errors)")
            }
        }
    }

    @Test func theReadmesTableIsWrittenByItsCommand() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("page.md")
            let results = Self.fixtures.path + "/results.csv"
            let page = "before\n<!-- ablate report \(results) --format csv -->\n{}\n<!-- end of report -->\nafter\n"
            try Data(page.replacingOccurrences(of: "{}", with: "old\n\nfigures").utf8).write(to: file)
            let update = ["ABLATE=\(Program.executable.path)", "Scripts/update-reports", file.path]
            let (status, output) = try Shell.run(update)
            #expect(status == 0 && output == "")
            let report = try text(Self.fixtures.appendingPathComponent("report.csv"))
            #expect(try text(file) == page.replacingOccurrences(of: "{}", with: "\n\(report)"))

            try Data("<!-- ablate report \(results) -->\n".utf8).write(to: file)
            #expect(try Shell.run(update).status == 1)
            #expect(try text(file) == "<!-- ablate report \(results) -->\n")
        }
    }

    @Test func runsThatAreNotFinishedAreNamed() throws {
        try withTemporaryFolder { folder in
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "ar", "--out", folder.path]
            let table = try Program.run(arguments)
            #expect(table.status == 0, "\(table.errors)")
            #expect(try Program.run(["report", folder.path]).output == table.output)
            #expect(table.output.contains("Δ valid [text]") && table.output.contains("stretches of 100 tokens of the validation text"))
            // What the text can tell stands in the runs' folders.
            let alone = try Program.run(["report", folder.path + "/results.csv"])
            #expect(alone.status == 0 && alone.output.contains("One seed: there are no intervals, and no row is marked."))

            let blocks = folder.appendingPathComponent("lstm-ar-seed1/validation-blocks.csv")
            let lines = try text(blocks)
            try Data(lines.split(separator: "\r\n").dropLast().joined(separator: "\r\n").utf8).write(to: blocks)
            let damaged = try Program.run(["report", folder.path])
            #expect(damaged.status == 65 && damaged.errors.contains("validation-blocks.csv: its blocks come to a perplexity of"), "\(damaged.errors)")
            try FileManager.default.removeItem(at: blocks)
            #expect(try Program.run(["report", folder.path]).output == alone.output)

            try FileManager.default.removeItem(atPath: folder.path + "/lstm-ar-seed1/result.csv")
            let unfinished = try Program.run(["report", folder.path])
            #expect(unfinished.status == 0 && unfinished.output.hasSuffix("Not finished: lstm-ar-seed1.\n"))
            #expect(try Program.run(["report", folder.path, "--format", "csv"]).errors.contains("Not finished: lstm-ar-seed1."))

            try FileManager.default.removeItem(atPath: folder.path + "/lstm-full-seed1/result.csv")
            let nothing = try Program.run(["report", folder.path])
            #expect(nothing.status == 74 && nothing.output == "")
            #expect(nothing.errors.contains("holds no finished run; not finished: lstm-ar-seed1, lstm-full-seed1"))
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        try withTemporaryFolder { folder in
            for (path, message) in [("missing", "missing: there is no such file or folder"), ("", "holds no finished run")] {
                let result = try Program.run(["report", folder.path + "/" + path])
                #expect(result.status == 74 && result.output == "")
                #expect(result.errors.contains(message), "\(result.errors)")
            }
        }
        let format = try Program.run(["report", Self.fixtures.path, "--format", "docx"])
        #expect(format.status == 64 && format.errors.contains("markdown"))
    }

    /// Each a change of the fixture's text and what the message must name.
    @Test(arguments: [
        ("lstm,full,2,ok", "lstm,full,two,ok", "results.csv:3: seed: 'two' is not readable"),
        ("lstm,full,2,ok", "lstm,full,1,ok", "results.csv:3: ptb, quick, LSTM, row full, seed 1: stands in line 2 already"),
        ("lstm,full,2,ok", "lstm,ful,2,ok", "results.csv:3: row: 'ful' is not readable"),
        ("lstm,full,2,ok", "lstm,full,2,good", "results.csv:3: status: 'good' is not readable"),
        ("lstm,full,2,ok", "lstm,full,ok", "results.csv:3: has 21 fields, the header 22"),
        ("184.2210", "nan", "results.csv:3: valid_ppl: 'nan' is not readable"),
        ("184.2210", "-3", "results.csv:3: valid_ppl: '-3' is not readable"),
        ("184.2210", "", "results.csv:3: valid_ppl: is empty"),
        (",test_ppl,", ",test,", "results.csv:2: the column 'test_ppl' is missing"),
        ("ptb,quick,lstm,full,1", "\"ptb,quick,lstm,full,1", "results.csv:2: a quotation mark is not closed"),
    ])
    func aDamagedFileIsNamedWithLineAndColumn(old: String, new: String, message: String) throws {
        try withTemporaryFolder { folder in
            let results = try text(Self.fixtures.appendingPathComponent("results.csv"))
            #expect(results.contains(old))
            let damaged = results.replacingOccurrences(of: old, with: new, range: results.range(of: old))
            try Data(damaged.utf8).write(to: folder.appendingPathComponent("results.csv"))
            for path in ["/results.csv", ""] {
                let result = try Program.run(["report", folder.path + path])
                #expect(result.status == 65 && result.output == "")
                #expect(result.errors.contains(message), "\(result.errors)")
            }
        }
    }

    private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }
}
