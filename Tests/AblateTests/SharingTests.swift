import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// Tables whose runs start from one another, against the same tables whose runs train each step themselves.
@Suite struct SharingTests {
    private let smoke = ["--profile", "smoke", "--dataset", "synthetic", "--cell", "both"]
    /// As much text as the criterion needs to fire in both cells.
    private let short = ["--set", "training-tokens=12000"]
    private let rows = ["--drop", "fine-tuning", "--drop", "nt-asgd", "--drop", "ar-tar", "--drop", "fine-tuning+nt-asgd"]

    /// The records of a table without what measures time.
    private func timeless(_ path: String) throws -> [[String: String]] {
        try AblateTests.rows(of: path).map { $0.filter { !["tokens_per_s", "seconds"].contains($0.key) } }
    }

    private func expectSame(_ folder: String, as other: String, runs count: Int) throws {
        #expect(try timeless(folder + "/results.csv") == timeless(other + "/results.csv"))
        let runs = try FileManager.default.contentsOfDirectory(atPath: other).filter { $0.contains("-seed") }
        #expect(runs.count == count)
        for run in runs {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(other)/\(run)").sorted()
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(run)").sorted() == files, "\(run): no fork is left")
            for file in files where ["epochs.csv", "intervals.csv"].contains(file) {
                #expect(try timeless("\(folder)/\(run)/\(file)") == timeless("\(other)/\(run)/\(file)"), "\(run)")
            }
            for file in ["best.safetensors", "validation-blocks.csv", "configuration.yaml"] {
                let bytes = try [folder, other].map { try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(run)/\(file)")) }
                #expect(bytes[0] == bytes[1], "\(run)/\(file)")
            }
        }
    }

    private func starts(_ errors: String) -> Set<String> {
        Set(errors.components(separatedBy: "\n").filter { $0.contains(": starts from ") }.map { String($0.prefix { $0 != ":" }) })
    }

    @Test(arguments: [(interval: 0, jobs: "2", cell: "gru"), (interval: 40, jobs: "1", cell: "lstm")])
    func aTableWithSharedStepsIsTheSame(interval: Int, jobs: String, cell: String) throws {
        try withTemporaryFolder { folder in
            let arguments = smoke + ["--cell", cell] + short + rows + ["--set", "logging-interval=\(interval)", "--out"]
            let alone = folder.path + "/alone"
            let first = try Program.run(arguments + [alone, "--no-sharing"])
            #expect(first.status == 0 && starts(first.errors).isEmpty)
            let shared = folder.path + "/shared"
            let result = try Program.run(arguments + [shared, "--jobs", jobs])
            #expect(result.status == 0, "\(result.errors)")
            #expect(starts(result.errors) == Set(["fine-tuning", "nt-asgd", "fine-tuning+nt-asgd"].map { "\(cell)-\($0)-seed1" }))
            try expectSame(shared, as: alone, runs: 5)
            let manifest = try String(contentsOfFile: shared + "/\(cell)-fine-tuning-seed1/manifest.json", encoding: .utf8)
            #expect(manifest.contains("\"run\" : \"\(cell)-full-seed1\"") && manifest.contains("\"moment\" : \"epoch-10\""))
        }
    }

    @Test(arguments: [
        (key: "fine-tuning-epochs", values: "1,2,4", cell: "lstm"), ("epochs", "3,6,9", "gru"), ("non-monotonic-interval", "1,2,3", "lstm"),
    ])
    func aSweepWithSharedStepsIsTheSame(key: String, values: String, cell: String) throws {
        try withTemporaryFolder { folder in
            let arguments = ["sweep", "--key", key, "--values", values] + smoke + ["--cell", cell] + short + ["--out"]
            let (alone, shared) = (folder.path + "/alone", folder.path + "/shared")
            #expect(try Program.run(arguments + [alone, "--no-sharing"]).status == 0)
            let result = try Program.run(arguments + [shared])
            #expect(result.status == 0 && starts(result.errors).count == 2, "\(result.errors)")
            try expectSame(shared, as: alone, runs: 3)
        }
    }

    /// Killed as often as there are judgements, so also between a fork and what starts from it.
    @Test(arguments: [(jobs: "1", cell: "lstm"), (jobs: "2", cell: "gru")])
    func aTableThatIsKilledAgainAndAgainIsTheSame(jobs: String, cell: String) throws {
        try withTemporaryFolder { folder in
            let arguments = smoke + ["--cell", cell] + short + rows + ["--out"]
            let (alone, killed) = (folder.path + "/alone", folder.path + "/killed")
            #expect(try Program.run(arguments + [alone, "--no-sharing"]).status == 0)
            var kills = 0
            for _ in 0..<6 {
                let (process, output, errors) = try Program.start(arguments + [killed, "--jobs", jobs])
                defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
                try waitUntil {
                    let said = try String(contentsOf: errors, encoding: .utf8)
                    return said.components(separatedBy: ": epoch ").count > 4 + kills || !process.isRunning
                }
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { kills += 1 }
                try waitUntil { try processes(withArgument: killed).isEmpty }
            }
            #expect(kills > 0)
            let last = try Program.run(arguments + [killed])
            #expect(last.status == 0, "\(last.errors)")
            try expectSame(killed, as: alone, runs: 5)
        }
    }

    /// A command can be killed when all runs have their results, and there is nothing left to make.
    @Test func whatAKilledCommandLeftInFinishedRunsGoes() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let arguments = smoke + ["--epochs", "2", "--drop", "fine-tuning", "--out", out]
            #expect(try Program.run(arguments).status == 0)
            let run = out + "/lstm-fine-tuning-seed1"
            let files = try FileManager.default.contentsOfDirectory(atPath: run).sorted()
            for name in ["fork-end.safetensors", "training.safetensors", "training.previous.safetensors"] {
                try Data("left".utf8).write(to: URL(fileURLWithPath: "\(run)/\(name)"))
            }
            let again = try Program.run(arguments)
            #expect(again.status == 0 && again.errors.contains("4 there already"), "\(again.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == files)
        }
    }

    @Test func aRunTrainsAloneWhereItsOriginIsFinishedDivergedOrDamaged() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let base = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "3", "--out", out]
            #expect(try Program.run(base + ["--drop", "fine-tuning"]).status == 0)
            // The fork of the criterion was not asked for then.
            let later = try Program.run(base + ["--drop", "nt-asgd"])
            #expect(later.status == 0 && starts(later.errors).isEmpty, "\(later.errors)")

            let damaged = try Program.run(base + ["--drop", "fine-tuning+nt-asgd", "--dry-run"])
            #expect(damaged.output.contains("lstm-fine-tuning+nt-asgd-seed1") && damaged.output.contains("shared steps               none"))
            let fork = URL(fileURLWithPath: out + "/lstm-full-seed1/fork-criterion-epoch-3.safetensors")
            try Data("no checkpoint".utf8).write(to: fork)
            let alone = try Program.run(base + ["--drop", "fine-tuning+nt-asgd"])
            #expect(alone.status == 0 && starts(alone.errors).isEmpty, "\(alone.errors)")
            #expect(!FileManager.default.fileExists(atPath: fork.path))

            let wild = ["--profile", "smoke", "--dataset", "synthetic", "--set", "learning-rate=1e30", "--drop", "fine-tuning", "--out", folder.path + "/wild"]
            _ = try Program.run(wild)
            #expect(try AblateTests.rows(of: folder.path + "/wild/results.csv").map { $0["status"] } == ["diverged", "diverged"])
        }
    }
}
#endif
