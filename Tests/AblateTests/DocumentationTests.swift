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
            for line in try article(ablation).split(separator: "\n") where line.hasPrefix("| `") {
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                let folder = cells.count == 6 ? "ptb-quick" : "ptb-quick-extended-7c6664a"
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
}
