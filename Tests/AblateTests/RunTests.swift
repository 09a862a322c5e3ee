import Foundation
import ProjectFolders
import Testing

/// Runs of the built program on the synthetic corpus and on a folder.
@Suite struct RunTests {
    @Test func theExtendedRowsOfTheSmokeProfile() throws {
        try withTemporaryFolder { folder in
            let out = folder.appendingPathComponent("out").path
            let result = try Program.run(["--rows", "extended", "--profile", "smoke", "--dataset", "synthetic", "--out", out])
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n").map(String.init)
            #expect(lines[0] == "synthetic, smoke, LSTM")
            #expect(lines[3...15].map { String($0.prefix { $0 != " " }) } == [
                "full", "fine-tuning", "nt-asgd", "variable-length-bptt", "embedding-dropout", "weight-decay", "ar-tar",
                "independent-sizes", "weight-dropping", "variational-dropout", "weight-tying", "ar", "tar",
            ])
            #expect(lines.last?.contains("V = 200") == true && lines.last?.contains("The source's own perplexity is") == true)
            #expect(!result.output.contains("paper"))

            let results = try rows(of: out + "/results.csv")
            #expect(results.count == 13)
            #expect(results.allSatisfy { $0["status"] == "ok" && $0["seed"] == "1" && $0["cell"] == "lstm" })
            #expect(try rows(of: out + "/table.csv").count == 13)
            #expect(results.first { $0["row"] == "ar-tar" }?["difference"] == "ar: 2 → 0; tar: 1 → 0")
            #expect(try FileManager.default.contentsOfDirectory(atPath: out + "/lstm-full-seed1").sorted() == [
                "best.safetensors", "configuration.yaml", "difference.yaml", "epochs.csv", "manifest.json", "result.csv",
                "validation-blocks.csv", "vocabulary.txt",
            ])
            let header = try String(contentsOfFile: out + "/lstm-full-seed1/epochs.csv", encoding: .utf8).prefix { !$0.isNewline }
            #expect(header == """
                epoch,stage,optimizer,learning_rate,train_ppl,valid_raw_ppl,valid_averaged_ppl,trigger,best,gradient_norm,clipped,\
                tokens_per_s,seconds
                """)
            let epochs = try rows(of: out + "/lstm-full-seed1/epochs.csv")
            #expect(epochs.map { $0["epoch"] } == (1...epochs.count).map { String($0) })
            #expect(epochs.last?["stage"] == "fine-tuning" && epochs.last?["valid_averaged_ppl"] != "")
            let best = epochs.first { $0["epoch"] == results[0]["best_epoch"] }
            #expect(epochs.filter { $0["best"] == "true" } == [try #require(best)])
            #expect(epochs.filter { $0["trigger"] == "true" }.map { $0["epoch"] } == [results[0]["trigger_epoch"]])
            for column in ["valid_raw_ppl", "valid_averaged_ppl"] { #expect(results[0][column] == best?[column] && best?[column] != "") }
        }
    }

    @Test func judgedAfterANumberOfStepsARunWritesItsIntervals() throws {
        try withTemporaryFolder { folder in
            let arguments = [
                "--profile", "smoke", "--dataset", "synthetic", "--epochs", "3", "--drop", "full", "--set", "logging-interval=4", "--out",
                folder.path,
            ]
            let result = try Program.run(arguments)
            #expect(result.status == 0 && result.errors.contains("lstm-full-seed1: interval 2, epoch 1 (main), "), "\(result.errors)")
            let run = folder.path + "/lstm-full-seed1"
            #expect(!FileManager.default.fileExists(atPath: run + "/epochs.csv"))
            let header = try String(contentsOfFile: run + "/intervals.csv", encoding: .utf8).prefix { !$0.isNewline }
            #expect(header == """
                interval,epoch,steps,stage,optimizer,learning_rate,train_ppl,valid_raw_ppl,valid_averaged_ppl,trigger,best,gradient_norm,\
                clipped,tokens_per_s,seconds
                """)
            let intervals = try rows(of: run + "/intervals.csv")
            #expect(intervals.map { $0["interval"] } == (1...intervals.count).map { String($0) } && intervals[1]["steps"] == "8")
            // The table tells in which epoch of the text something was, so that it can stand beside one judged by epochs.
            let results = try rows(of: folder.path + "/results.csv")[0]
            for (column, mark) in [("best_epoch", "best"), ("trigger_epoch", "trigger")] {
                #expect(results[column] == intervals.first { $0[mark] == "true" }?["epoch"] ?? "")
            }
            #expect(results["epochs"] == intervals.last?["epoch"] && (Int(results["epochs"] ?? "") ?? 9) <= 6)
            #expect(results["fine_tuning_epoch"] == "4")
        }
    }

    @Test func aRowIsRunWithTheFullModelAndReusedAfterwards() throws {
        try withTemporaryFolder { folder in
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--cell", "both", "--out", folder.path + "/out"]
            let first = try Program.run(arguments + ["--drop", "weight-dropping"])
            #expect(first.status == 0, "\(first.errors)")
            #expect(rowNames(first.output) == ["full", "weight-dropping", "full", "weight-dropping"])
            let checkpoint = folder.appendingPathComponent("out/lstm-full-seed1/best.safetensors").path
            let written = try modificationDate(checkpoint)

            let second = try Program.run(arguments + ["--drop", "ar+tar", "--drop", "ar+tar"])
            #expect(second.status == 0, "\(second.errors)")
            #expect(rowNames(second.output) == ["full", "ar+tar", "full", "ar+tar"])
            #expect(second.errors.contains("4 runs: 2 to be made, 2 there already;"))
            #expect(try modificationDate(checkpoint) == written)
            #expect(try rows(of: folder.path + "/out/results.csv").count == 6)

            let third = try Program.run(arguments + ["--drop", "ar+tar"])
            #expect(third.output == second.output && third.errors.hasPrefix("4 runs: 4 there already; "))

            let other = try Program.run(arguments + ["--drop", "ar", "--set", "ar=1"])
            #expect(other.status == 64)
            #expect(other.errors.contains("lstm-full-seed1") && other.errors.contains("ar: 2 → 1") && other.errors.contains("--out"))
        }
    }

    @Test func twoThreadsGiveTheSameFiguresEveryTime() throws {
        try withTemporaryFolder { folder in
            let perplexities = try ["a", "b"].map { name in
                let out = folder.appendingPathComponent(name).path
                let result = try Program.run([
                    "--profile", "smoke", "--dataset", "synthetic", "--cell", "both", "--drop", "weight-dropping", "--epochs", "1",
                    "--set", "threads=2", "--set", "hidden-size=200", "--set", "training-tokens=6000", "--out", out,
                ])
                #expect(result.status == 0, "\(result.errors)")
                return try rows(of: out + "/results.csv").map { [$0["valid_ppl"], $0["test_ppl"]] }
            }
            #expect(perplexities[0].count == 4 && perplexities[0] == perplexities[1])
        }
    }

    @Test func jobsDoNotChangeTheFigures() throws {
        try withTemporaryFolder { folder in
            let tables = try ["1", "3"].map { jobs in
                let out = folder.appendingPathComponent(jobs).path
                let result = try Program.run([
                    "--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "ar", "--seeds", "2", "--jobs", jobs,
                    "--out", out,
                ])
                #expect(result.status == 0, "\(result.errors)")
                return result.output
            }
            #expect(tables[0] == tables[1])
            #expect(rowNames(tables[0]) == ["full", "ar"])
        }
    }

    @Test func aRunThatDivergesIsShownAndTheOthersGoOn() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let result = try Program.run([
                "--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "ar", "--out", out, "--set",
                "learning-rate=1e30", "--set", "gradient-clipping=0",
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("diverged in epoch 1"))
            #expect(try rows(of: out + "/results.csv").map { $0["status"] } == ["diverged", "diverged"])
        }
    }

    @Test func aFolderOfTextIsADataset() throws {
        try withTemporaryFolder { folder in
            let text = folder.appendingPathComponent("animals")
            try writeCorpus(in: text)
            let result = try Program.run([
                "--profile", "smoke", "--dataset", text.path, "--epochs", "1", "--drop", "ar", "--out", folder.path + "/out",
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("animals, smoke, LSTM\n"))
            #expect(!result.output.contains("paper"))
            let evaluated = try Program.run(["eval", folder.path + "/out/lstm-full-seed1", "--split", "test"])
            let figure = try #require(try rows(of: folder.path + "/out/results.csv")[0]["test_ppl"].flatMap { Double($0) })
            let again = try #require(evaluated.output.split(separator: " ").last.flatMap { Double($0.trimmingCharacters(in: .newlines)) })
            #expect(abs(figure - again) < 1e-4 * figure)
        }
    }

    @Test func theDefaultOutputFolderIsNamedAfterDatasetAndProfile() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run(
                ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "ar", "--configs", projectRoot.path], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(FileManager.default.fileExists(atPath: folder.path + "/results/synthetic-smoke/table.csv"))
        }
    }

    @Test func aDryRunRunsNothing() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run(["--profile", "smoke", "--dataset", "synthetic", "--dry-run", "--out", folder.path + "/out"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("9 runs: 9 to be made; "))
            for word in ["lstm-full-seed1", "training tokens", "floating-point operations", "time"] { #expect(result.output.contains(word)) }
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
            let others = try Program.run(
                ["--profile", "smoke", "--dataset", "synthetic", "--dry-run", "--out", folder.path + "/out", "--drop", "full", "--first-seed", "4", "--seeds", "2"])
            let runs = others.output.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("lstm-full-seed") }
            #expect(Set(runs) == ["lstm-full-seed4", "lstm-full-seed5"], "\(others.output)")
        }
    }

    @Test func eventFilesAreWrittenWhereTheyAreAskedForByRunsThatTrain() throws {
        try withTemporaryFolder { folder in
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "full", "--out", folder.path]
            func events(seed: Int) -> Bool { FileManager.default.fileExists(atPath: folder.path + "/lstm-full-seed\(seed)/events.out.tfevents.ablate") }
            let without = try Program.run(arguments)
            #expect(without.status == 0 && !events(seed: 1), "\(without.errors)")
            // The first is finished by then.
            let with = try Program.run(arguments + ["--tensorboard", "--seeds", "2"])
            #expect(with.status == 0 && !events(seed: 1) && events(seed: 2), "\(with.errors)")
        }
    }

    @Test func aChildEndsWhenItsInputDoes() throws {
        try withTemporaryFolder { folder in
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "ar", "--out", folder.path]
            #expect(try Program.run(arguments).status == 0)
            let run = folder.path + "/lstm-full-seed1"
            let configuration = try String(contentsOfFile: run + "/configuration.yaml", encoding: .utf8)
            try Data(configuration.replacingOccurrences(of: "\nepochs: 1\n", with: "\nepochs: 100000\n").utf8)
                .write(to: URL(fileURLWithPath: run + "/configuration.yaml"))
            let input = Pipe()
            let (process, output, errors) = try Program.start(["train-run", run], input: input)
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            Thread.sleep(forTimeInterval: 2)
            #expect(process.isRunning)
            try input.fileHandleForWriting.close()
            try waitUntil { !process.isRunning }
            if process.isRunning { process.terminate() }
        }
    }

    private func rowNames(_ table: String) -> [String] {
        table.split(separator: "\n").filter { $0.contains("  1  ") || $0.contains("  2  ") }.map { String($0.prefix { $0 != " " }) }
    }

    private func modificationDate(_ path: String) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }
}
