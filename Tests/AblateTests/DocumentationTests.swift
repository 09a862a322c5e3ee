import Configurations
import Foundation
import ProjectFolders
import Testing

/// The articles of the documentation, whose links `make docs` checks.
@Suite struct DocumentationTests {
    /// The article of each removal.
    private static let articles: [Ablation: String] = [
        .fineTuning: "LanguageModel", .ntASGD: "Optimizers", .weightDecay: "Optimizers", .ar: "Regularizers/ar-tar", .tar: "Regularizers/ar-tar",
    ]

    private func article(_ ablation: Ablation) throws -> String {
        let place = (Self.articles[ablation] ?? "Regularizers").split(separator: "/").map(String.init)
        let file = projectRoot.appendingPathComponent("Sources/\(place[0])/\(place[0]).docc/\(place.count > 1 ? place[1] : ablation.rawValue).md")
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test(arguments: Ablation.allCases)
    func `each technique has an article`(ablation: Ablation) throws {
        let article = try article(ablation)
        for words in ["## Equation\n\n```\n", "## In the paper\n\nMerity, Keskar and Socher, ", "--drop \(ablation.rawValue)`", "## What its removal did here\n", "| `\(ablation.rawValue)` | GRU |"] {
            #expect(article.contains(words), "\(ablation): no '\(words)'")
        }
    }

    @Test func `the figures are those of the committed tables`() throws {
        func digits(_ value: String?) throws -> String { String(format: "%.2f", try #require(value.flatMap(Double.init))) }
        var checked = 0
        for ablation in Ablation.allCases {
            var folder = ""
            for line in try article(ablation).split(separator: "\n") {
                if let named = line.wholeMatch(of: /<!-- differences (.+) -->/)?.1 { folder = String(named) }
                guard line.hasPrefix("| `") else { continue }
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                let table = try rows(of: projectRoot.path + "/Ablations/measured/\(folder)/table.csv").filter { $0["cell"] == cells[1].lowercased() }
                let row = try #require(table.first { "`\($0["row"] ?? "")`" == cells[0] }, "\(line)")
                var expected = [cells[0], cells[1], try digits(row["valid_ppl"]), try digits(table.first { $0["row"] == "full" }?["valid_ppl"]), try digits(row["delta_valid"])]
                let margin = try #require(row["delta_valid_high"].flatMap(Double.init)) - #require(row["delta_valid"].flatMap(Double.init))
                expected[4] += String(format: " ± %.2f", margin)
                if cells.count == 6 { expected.append(row["paper_delta_valid"] ?? "") }
                #expect(cells == expected, "\(ablation)")
                checked += 1
            }
        }
        // Both cells of each removal; the article of AR and TAR has three and is read for each of them.
        #expect(checked == 2 * (Ablation.allCases.count - 3) + 3 * 6)
    }

    @Test(.enabled(if: Shell.hasPython3, "needs python3"))
    func `the tables of what was found are those of the committed tables`() throws {
        try withTemporaryFolder { folder in
            let found = projectRoot.appendingPathComponent("Ablations/README.md")
            let copy = folder.appendingPathComponent("README.md")
            let written = try String(contentsOf: found, encoding: .utf8)
            // A figure of an interval and one without, each of which the script must put right.
            let spoiled = written.replacing(/\| \*\*[0-9.]+ ± [0-9.]+\*\* \|/, with: "| 0.1 |").replacing("| 11.1 |", with: "| 12 |")
            #expect(spoiled != written)
            try spoiled.write(to: copy, atomically: true, encoding: .utf8)
            let (status, output) = try Shell.run([projectRoot.path + "/Scripts/update-articles", copy.path], in: folder)
            #expect(status == 0, "\(output)")
            #expect(try String(contentsOf: copy, encoding: .utf8) == written)
        }
    }

    @Test(.enabled(if: Shell.hasPython3, "needs python3"))
    func `what the paper's grid costs is of the committed benchmarks`() throws {
        let (status, output) = try Shell.run([projectRoot.path + "/Scripts/cost"], in: projectRoot)
        #expect(status == 0)
        #expect(try output == String(contentsOf: projectRoot.appendingPathComponent("Ablations/cost.md"), encoding: .utf8))
    }
}
