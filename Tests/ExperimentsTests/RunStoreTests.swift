import Corpus
import Foundation
import Testing

@testable import Experiments

@Suite struct RunStoreTests {
    private func run(_ row: Row = .full, epochs: Int = 3) throws -> PlannedRun {
        let full = try projectFiles().configuration(dataset: "synthetic", cell: .lstm, profile: "smoke", epochs: epochs)
        return PlannedRun.all(full: [full], rows: [row], seeds: 1)[0]
    }

    private func result(of run: PlannedRun, status: RunResult.Status = .ok) throws -> RunResult {
        var result = RunResult(of: run, corpus: try DatasetLibrary(dataDirectory: nil, mirror: nil).load(.synthetic))
        result.status = status
        result.validationPerplexity = 20
        result.testPerplexity = 21
        return result
    }

    @Test func anIdenticalFinishedRunIsReused() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let run = try run()
            #expect(try store.finished(run) == nil)
            try store.begin(run)
            #expect(try store.finished(run) == nil)
            try store.write(try result(of: run), of: run)
            #expect(try store.finished(run)?.validationPerplexity == 20)
        }
    }

    @Test func aFailedRunIsMadeAgainAndADivergedOneIsNot() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let run = try run()
            try store.begin(run)
            try store.write(try result(of: run, status: .failed), of: run)
            #expect(try store.finished(run) == nil)
            try store.write(try result(of: run, status: .diverged), of: run)
            #expect(try store.finished(run)?.status == .diverged)
            try store.begin(run)
            #expect(try store.finished(run) == nil)
        }
    }

    @Test func anotherConfigurationIsRefusedAndNamed() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            try store.begin(try run(epochs: 3))
            let error = experimentError { _ = try store.finished(try run(epochs: 4)) }
            #expect(error?.kind == .usage)
            #expect(error?.message.contains("lstm-full-seed1") == true)
            #expect(error?.message.contains("epochs: 3 → 4") == true && error?.message.contains("--out") == true)
        }
    }

    @Test func tablesAreWrittenFromTheFolder() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            for row in [Row([.ar]), .full] {
                let run = try run(row)
                try store.begin(run)
                try store.write(try result(of: run), of: run)
            }
            try store.writeTables(published: PublishedTable())
            let table = RemovalTable(results: try store.results(), published: PublishedTable())
            #expect(table.lines.map(\.row.name) == ["full", "ar"])
            let written = try String(contentsOf: folder.appendingPathComponent("results.csv"), encoding: .utf8)
            #expect(written == RunResult.csv(try store.results()).text)
            #expect(try String(contentsOf: folder.appendingPathComponent("table.csv"), encoding: .utf8) == table.csv.text)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "lstm-ar-seed1", "lstm-full-seed1", "results.csv", "table.csv",
            ])
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: folder.appendingPathComponent("file"))
            let error = experimentError { try RunStore(folder: folder.path + "/file/out").prepare() }
            #expect(error?.kind == .inputOutput && error?.message.contains("file/out") == true)
            try RunStore(folder: folder.path + "/new/out").prepare()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new/out").isEmpty)
        }
    }
}
