import Foundation
import ProjectFolders
import Tables
import Testing

@testable import Runs

struct ReadmePictureTests {
    /// The picture holds the digest of what it is made from: data and layout.
    @Test func theReadmesPictureIsTheTables() throws {
        let readme = try String(contentsOf: projectRoot.appendingPathComponent("README.md"), encoding: .utf8)
        let path = try #require(readme.firstMatch(of: /!\[[^\]]*\]\(([^)]*\.svg)\)/)?.1)
        let table = try #require(readme.firstMatch(of: /<!-- ablate report (\S+) --format markdown -->/)?.1)
        let runs = try ReportedRuns(path: projectRoot.appendingPathComponent(String(table)).path)
        let report = try Report(runs, table: RemovalTable(results: runs.results, published: try projectFiles().published()))
        let plot = try #require(report.plots.first)
        let picture = try String(contentsOf: projectRoot.appendingPathComponent(String(path)), encoding: .utf8)
        #expect(plot.description.contains("nt-asgd 11.27 (8.86 to 13.69)"), "\(plot.description)")
        #expect(path.hasSuffix("/\(plot.name).svg"))
        #expect(picture.contains("ablate data-digest \(plot.digest)<"), "the picture is stale: run 'make readme'")
    }
}
