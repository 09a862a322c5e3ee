import Configurations
import Foundation
import ProjectFolders
import Testing

@testable import Tables

@Suite struct PublishedTableTests {
    @Test func thePublishedFigures() throws {
        let published = try projectFiles().published()
        #expect(published.figures(dataset: "ptb", row: .full) == .init(validation: 60.0, test: 57.3))
        #expect(published.figures(dataset: "wt2", row: Row([.weightDropping])) == .init(validation: 78.4, test: 74.9))
        #expect(published.figures(dataset: "synthetic", row: .full) == nil)
        #expect(published.figures(dataset: "ptb", row: Row([.ar])) == nil)
        for row in try projectFiles().rows(listed: "paper") { #expect(published.figures(dataset: "ptb", row: row) != nil) }
    }
}
