import Configurations
import Corpus
import Documents
import Foundation
import LanguageModel
import ProjectFolders
@testable import Tables
import Testing

@testable import Runs

@Suite struct RunStoreTests {
    private func run(_ row: Row = .full, epochs: Int = 3) throws -> PlannedRun {
        let full = try projectFiles().configuration(dataset: "synthetic", cell: .lstm, profile: "smoke", epochs: epochs)
        return PlannedRun.all(full: [full], rows: [row], seeds: 1)[0]
    }

    private func corpus(_ tokens: Int = 0) throws -> Corpus {
        try DatasetLibrary().load(.synthetic, trainingTokens: tokens)
    }

    private func result(of run: PlannedRun, status: RunResult.Status = .ok) throws -> RunResult {
        var result = RunResult(of: run, corpus: try corpus())
        result.status = status
        result.validationPerplexity = 20
        result.testPerplexity = 21
        return result
    }

    /// What a child leaves that has come to a result.
    private func end(_ run: PlannedRun, in store: RunStore, status: RunResult.Status = .ok) throws {
        try Manifest(run.configuration, corpus: try corpus(), commit: "c0ffee").write(into: store.folder(of: run))
        try store.write(try result(of: run, status: status), of: run)
    }

    @Test func aRunIsNewUnfinishedOrFinished() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let (run, corpus) = (try run(), try corpus())
            #expect(try store.state(of: run, corpus: corpus) == .new)
            try store.begin(run)
            #expect(try store.state(of: run, corpus: corpus) == .new)
            try Data().write(to: store.folder(of: run).appendingPathComponent("training.safetensors"))
            try Data("epoch\r\n1\r\n2\r\n".utf8).write(to: store.folder(of: run).appendingPathComponent("epochs.csv"))
            #expect(try store.state(of: run, corpus: corpus) == .unfinished(epochs: 2, intervals: nil))
            try FileManager.default.removeItem(at: store.folder(of: run).appendingPathComponent("epochs.csv"))
            try Data("interval,epoch,steps\r\n1,1,5\r\n2,3,10\r\n3,4,15\r\n".utf8)
                .write(to: store.folder(of: run).appendingPathComponent("intervals.csv"))
            let state = try store.state(of: run, corpus: corpus)
            #expect(state == .unfinished(epochs: 3, intervals: 3) && state.text == "goes on after interval 3")
            for status in [RunResult.Status.ok, .diverged] {
                try end(run, in: store, status: status)
                #expect(try store.state(of: run, corpus: corpus) == .finished)
            }
        }
    }

    @Test func aFailedRunKeepsItsCheckpointForAnotherTry() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let (run, corpus) = (try run(), try corpus())
            try store.begin(run)
            try Data().write(to: store.folder(of: run).appendingPathComponent("training.safetensors"))
            try store.write(try result(of: run, status: .failed), of: run)
            #expect(try store.state(of: run, corpus: corpus) == .failed)
            try store.begin(run)
            #expect(try store.state(of: run, corpus: corpus) == .unfinished(epochs: 0, intervals: nil))
        }
    }

    @Test func otherTextAndOtherResultFormatsAreRefused() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let run = try run()
            try store.begin(run)
            try end(run, in: store)
            let other = inputError { _ = try store.state(of: run, corpus: try corpus(5_000)) }
            #expect(other?.kind == .usage && other?.message.contains("on other text") == true)

            var manifest = Manifest(run.configuration, corpus: try corpus(), commit: "c0ffee")
            manifest.resultFormat += 1
            try manifest.write(into: store.folder(of: run))
            let format = inputError { _ = try store.state(of: run, corpus: try corpus()) }
            #expect(format?.kind == .usage && format?.message.contains("result format") == true)

            try Data("{".utf8).write(to: store.folder(of: run).appendingPathComponent("manifest.json"))
            let damaged = inputError { _ = try store.state(of: run, corpus: try corpus()) }
            #expect(damaged?.kind == .data && damaged?.message.contains("manifest.json") == true)

            try FileManager.default.removeItem(at: store.folder(of: run).appendingPathComponent("manifest.json"))
            #expect(inputError { _ = try store.state(of: run, corpus: try corpus()) }?.kind == .usage)
        }
    }

    @Test func theManifestTellsWhatMadeTheRun() throws {
        try withTemporaryFolder { folder in
            let run = try run()
            var manifest = Manifest(run.configuration, corpus: try corpus(), commit: "c0ffee")
            manifest.start = Date(timeIntervalSince1970: 1_000)
            manifest.continued = [Date(timeIntervalSince1970: 2_000)]
            manifest.end = Date(timeIntervalSince1970: 3_000)
            try manifest.write(into: folder)
            #expect(try Manifest(in: folder) == manifest)
            #expect(manifest.configuration["hidden-size"] == String(run.configuration.model.hiddenSize) && manifest.seed == 1 && manifest.threads == 1)
            #expect(manifest.corpusDigest == (try corpus().digest) && manifest.configurationDigest.count == 64)
            #expect(!manifest.blasLibrary.isEmpty && !manifest.compiler.isEmpty && !manifest.processor.isEmpty)
            var other = run.configuration
            other.seed = 2
            #expect(Manifest(other, corpus: try corpus(), commit: "c0ffee").configurationDigest != manifest.configurationDigest)
        }
    }

    @Test func anotherConfigurationIsRefusedAndNamed() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            try store.begin(try run(epochs: 3))
            let error = inputError { _ = try store.state(of: try run(epochs: 4), corpus: try corpus()) }
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
            try store.writeTables(of: try store.results(), published: PublishedTable())
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

    @Test func theBlocksOfTheValidationTextStandBesideTheResult() throws {
        try withTemporaryFolder { folder in
            let (store, run) = (RunStore(folder: folder.path), try run())
            let file = store.folder(of: run).appendingPathComponent("validation-blocks.csv")
            try store.begin(run)
            let blocks = (0..<30).map { TextBlock(tokens: $0 == 29 ? 7 : 100, negativeLogLikelihood: 301.1 / 3 * Double($0 + 1)) }
            var result = try result(of: run)
            let (tokens, loss) = blocks.reduce((0, 0.0)) { ($0.0 + $1.tokens, $0.1 + $1.negativeLogLikelihood) }
            result.validationPerplexity = exp(loss / Double(tokens))
            try RunStore.write(blocks, into: store.folder(of: run))
            try store.write(result, of: run)
            #expect(try store.results().map(\.validationBlocks) == [blocks])
            #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix("block,tokens,negative_log_likelihood\r\n1,100,100.36666666666667\r\n"))

            let written = try String(contentsOf: file, encoding: .utf8)
            for (old, new, message) in [
                ("1,100,100.3", "1,x,100.3", "validation-blocks.csv:2: a block has 1 to 100 tokens"),
                ("2,100,200.7", "2,101,200.7", "validation-blocks.csv:3: a block has 1 to 100 tokens"),
                ("2,100,200.7", "2,100,nan", "validation-blocks.csv:3: a block has 1 to 100 tokens"),
                ("1,100,100.3", "1,100,700.3", "validation-blocks.csv: its blocks come to a perplexity of"),
            ] {
                #expect(written.contains(old))
                try Data(written.replacingOccurrences(of: old, with: new).utf8).write(to: file)
                let error = inputError { _ = try store.results() }
                #expect(error?.kind == .data && error?.message.contains(message) == true, "\(error?.message ?? "")")
            }
            // Another try does not take them for its own.
            try store.begin(run)
            #expect(!FileManager.default.fileExists(atPath: file.path))
            try RunStore.write([], into: store.folder(of: run))
            #expect(!FileManager.default.fileExists(atPath: file.path))
            try store.write(result, of: run)
            #expect(try store.results().map(\.validationBlocks) == [[]])
        }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: folder.appendingPathComponent("file"))
            let error = inputError { try RunStore(folder: folder.path + "/file/out").prepare() }
            #expect(error?.kind == .inputOutput && error?.message.contains("file/out") == true)
            try RunStore(folder: folder.path + "/new/out").prepare()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/new/out").isEmpty)
        }
    }

    @Test func `the same run in two folders is told of, and not counted twice`() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let run = try run()
            try store.begin(run)
            try end(run, in: store)
            #expect(try store.results().count == 1)
            try FileManager.default.copyItem(at: store.folder(of: run), to: folder.appendingPathComponent("lstm-full-seed1.old"))
            let error = inputError { _ = try store.results() }
            #expect(error?.kind == .data)
            #expect(error?.message.contains("'lstm-full-seed1' and 'lstm-full-seed1.old' hold the same run") == true, "\(error?.message ?? "")")
            #expect(try store.results(besides: ["lstm-full-seed1.old"]).count == 1)
        }
    }

    @Test func `a damaged table of judgements counts no epochs`() throws {
        try withTemporaryFolder { folder in
            let store = RunStore(folder: folder.path)
            let run = try run()
            try store.begin(run)
            try Data().write(to: store.folder(of: run).appendingPathComponent("training.safetensors"))
            try Data("interval,epoch,steps\r\n1,\(Int.min),5\r\n".utf8).write(to: store.folder(of: run).appendingPathComponent("intervals.csv"))
            #expect(try store.state(of: run, corpus: try corpus()) == .unfinished(epochs: 0, intervals: 1))
        }
    }

    /// What a local command does with runs that tasks of Slurm, or workers without a parent, make or have made since its plan.
    @Test func `what another process makes, or has made since the plan, is left to it`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = RunStore(folder: folder.path)
        let (held, done) = (try run(), try run(Row([.ar])))
        let plan = try RunPlan([held, done], library: DatasetLibrary(), store: store, jobs: 1, sharing: false)
        #expect(plan.pending.count == 2)
        for run in [held, done] { try store.begin(run) }
        try end(done, in: store)
        // Process 1 is there; its beginning is that of no process known here, and the machine another, so that the lock's age decides.
        let holder = FolderLock.Holder(process: 1, machine: "elsewhere", boot: "", begin: "")
        let lock = store.folder(of: held).appendingPathComponent(".lock")
        try TextFile.write(try JSONText.encode(holder), to: lock)
        // However long the test takes, it does not grow old.
        try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(3_600)], ofItemAtPath: lock.path)
        var launcher = try LocalLauncher(dataArguments: [], jobs: 1, stop: StopRequest())
        launcher.patience = 0.2
        var ends: [String: String] = [:]
        for try await (run, event) in launcher.launch(plan, in: store) {
            switch event {
            case .interrupted(let reason): ends[run.name] = reason
            case .finished(let result): ends[run.name] = result.status.rawValue
            case .failed(let reason): ends[run.name] = "failed: \(reason)"
            default: break
            }
        }
        #expect(ends == ["lstm-full-seed1": "another process makes it, on elsewhere", "lstm-ar-seed1": "ok"])
        #expect(!store.hasResult(in: store.folder(of: held)) && store.hasResult(in: store.folder(of: done)))
    }
}
