import Foundation
import ProjectFolders
import Testing

/// Every kind of bad input ends with a message that says what would be right, and the exit code of its kind.
@Suite struct BadInputTests {
    @Test(arguments: [
        (["--drop", "weight-droping"], "unknown slug 'weight-droping'. Did you mean 'weight-dropping'?"),
        (["--drop", "ar+xx"], "unknown slug 'xx'."),
        (["--set", "hidden-sise=3"], "hidden-sise: unknown key. Did you mean 'hidden-size'?"),
        (["--set", "weight-dropping=1.0"], "weight-dropping: '1.0' is not allowed; it must be a number of at least 0 and less than 1"),
        (["--set", "embedding-dropout=nan"], "embedding-dropout: 'nan' is not allowed"),
        (["--set", "hidden-size=0"], "hidden-size: '0' is not allowed; it must be a whole number from 1"),
        (["--set", "batch-size=-20"], "batch-size: '-20' is not allowed"),
        (["--set", "layers"], "--set layers: must be key=value"),
        (["--jobs", "0"], "--jobs 0: must be at least 1"),
        (["--jobs", "-1"], "--jobs"),
        (["--seeds", "0"], "--seeds 0: must be from 1 to 100000"),
        (["--seeds", "1000000000000"], "--seeds 1000000000000: must be from 1 to 100000"),
        (["bench", "--size", "quick", "--windows", "1000000000000000000"], "--windows 1000000000000000000: must be from 1 to 1000000"),
        (["bench", "--vocabulary", "9223372036854775807"], "--vocabulary 9223372036854775807: must be from 2 to 100000000"),
        (["--first-seed", "9223372036854775807"], "--first-seed 9223372036854775807: must be from 0 to"),
        (["--epochs", "0"], "--epochs 0: must be at least 1"),
        (["--drop", "Weight_Dropping"], "unknown slug 'Weight_Dropping'. Did you mean 'weight-dropping'?"),
        (["--rows", "PAPER"], "unknown list of rows 'PAPER'. Did you mean 'paper'?"),
        (["--profile", "QUICK"], "unknown profile 'QUICK'. Did you mean 'quick'?"),
        (["--set", "HIDDEN_SIZE=3"], "HIDDEN_SIZE: unknown key. Did you mean 'hidden-size'?"),
        (["data", "--dataset", "ptb", "--data-dir", "/nowhere", "--mirror", "ftp://127.0.0.1"], "--mirror 'ftp://127.0.0.1': not a base URL"),
        (["--profile", "quik"], "unknown profile 'quik'. Did you mean 'quick'?"),
        (["--rows", "extendet"], "unknown list of rows 'extendet'. Did you mean 'extended'?"),
        (["--rows", "paper", "--drop", "ar"], "--drop and --rows: give one of them"),
        (["--cell", "rnn"], "--cell"),
        (["--unknown-option"], "--unknown-option"),
        (["--launcher", "slrum"], "--launcher"),
        (["--partition", "long"], "--partition: needs --launcher slurm"),
        (["--account", "us"], "--account: needs --launcher slurm"),
        (["--mem", "2G"], "--mem: needs --launcher slurm"),
        (["--detach"], "--detach: needs --launcher slurm"),
        (["--launcher", "slurm", "--partition", ""], "--partition: is empty"),
        (["--launcher", "slurm", "--account", ""], "--account: is empty"),
        (["--launcher", "slurm", "--mem", ""], "--mem: is empty"),
        (["--launcher", "slurm", "--time", "3:59"], "--time 3:59: must be at least 4 minutes"),
        (["--launcher", "slurm", "--array-limit", "0"], "--array-limit 0: must be at least 1"),
        (["--launcher", "slurm", "--jobs", "2"], "--jobs: is for --launcher local"),
        (["--launcher", "slurm", "--slurm-option", "qos"], "--slurm-option qos: must be KEY=VALUE"),
        (["--launcher", "slurm", "--slurm-option", "array=1-3"], "--slurm-option array=1-3: 'array' is set by this program"),
        (["--launcher", "slurm", "--slurm-option", "mem=1G"], "--slurm-option mem=1G: give --mem instead"),
        (["info", "--set", "layers=x"], "layers: 'x' is not allowed"),
    ])
    func wrongUseEndsWith64(arguments: [String], message: String) throws {
        let result = try Program.run(arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output == "")
    }

    @Test(arguments: ["status", "verify", "cancel"], [("/nowhere", "cannot be read: No such file or directory"), ("/dev/null", "is not a folder")])
    func aFolderWithRunsIsNeeded(command: String, wrong: (path: String, fault: String)) throws {
        let result = try Program.run([command, wrong.path])
        #expect(result.status == 74 && result.output == "")
        #expect(result.errors == "Error: \(wrong.path): \(wrong.fault); give an output folder of 'ablate run' or 'ablate sweep'\n")
    }

    @Test(arguments: [[], ["--dry-run"]])
    func withoutSlurmsProgramsTheMissingOneIsNamed(more: [String]) throws {
        try withTemporaryFolder { folder in
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--launcher", "slurm", "--out", folder.path + "/out"]
            let result = try Program.run(arguments + more, environment: ["PATH": "/nowhere"])
            #expect(result.status == 74)
            #expect(result.errors.contains("Error: sbatch: was not found; --launcher slurm needs Slurm's programs"), "\(result.errors)")
        }
    }

    @Test func aMissingFolderIsNamed() throws {
        try withTemporaryFolder { folder in
            let missing = folder.appendingPathComponent("missing").path
            let result = try Program.run(["--dataset", missing, "--out", folder.path + "/out"])
            #expect(result.status == 65)
            #expect(result.errors.contains(missing) && result.errors.contains("train.txt"))
        }
    }

    @Test func aMissingSplitIsNamed() throws {
        try withTemporaryFolder { folder in
            try writeCorpus(in: folder)
            try FileManager.default.removeItem(at: folder.appendingPathComponent("valid.txt"))
            try expectRefused(folder, status: 65, containing: "valid")
        }
    }

    @Test func anEmptyFileIsNamed() throws {
        try withTemporaryFolder { folder in
            try writeCorpus(in: folder, test: "")
            try expectRefused(folder, status: 65, containing: "test.txt")
        }
    }

    @Test func fewerTokensThanOneWindowAreRefused() throws {
        try withTemporaryFolder { folder in
            try writeCorpus(in: folder, train: corpusText(lines: 10))
            try expectRefused(folder, status: 65, containing: "training text: 80 tokens are fewer than one window")
        }
    }

    @Test func invalidUTF8IsNamedWithItsLine() throws {
        try withTemporaryFolder { folder in
            try writeCorpus(in: folder)
            try Data("a line\nand \u{E9}".utf8 + [0xFF, 0x0A]).write(to: folder.appendingPathComponent("train.txt"))
            let result = try expectRefused(folder, status: 65, containing: "train.txt")
            #expect(result.errors.contains("2"))
        }
    }

    @Test func aFileOfAnotherHashIsRefused() throws {
        try withTemporaryFolder { folder in
            let ptb = folder.appendingPathComponent("ptb")
            try FileManager.default.createDirectory(at: ptb, withIntermediateDirectories: true)
            for split in ["train", "valid", "test"] {
                try Data(corpusText(lines: 100).utf8).write(to: ptb.appendingPathComponent("ptb.\(split).txt"))
            }
            for arguments in [["data", "--dataset", "ptb"], ["info", "--dataset", "ptb"]] {
                let result = try Program.run(arguments + ["--data-dir", folder.path])
                #expect(result.status == 65)
                #expect(result.errors.contains("ptb.train.txt") && result.errors.contains("SHA-256"), "\(result.errors)")
            }
        }
    }

    @Test func anOutputFolderThatCannotBeWrittenIsRefusedBeforeAnyWork() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("file")
            try Data().write(to: file)
            // The dataset is missing too: that would be found only later.
            let result = try Program.run(["--dataset", "/nowhere", "--out", file.path + "/out"])
            #expect(result.status == 74)
            #expect(result.errors.contains("file/out: the output folder cannot be written"))
        }
    }

    @Test(arguments: [["run"], ["sweep", "--key", "ar", "--values", "1"], ["info"], ["data"]])
    func aNameThatIsNearlyADatasetsIsSuggested(command: [String]) throws {
        try withTemporaryFolder { folder in
            for name in ["PTB", "ptb/"] {
                let configs = command == ["data"] ? [] : ["--configs", projectRoot.path]
                let result = try Program.run(command + ["--dataset", name] + configs, in: folder)
                #expect(result.status == 65)
                #expect(result.errors.hasSuffix(" Did you mean 'ptb'?\n"), "\(result.errors)")
            }
        }
    }

    @Test(arguments: ["", "not a checkpoint at all, but longer than a header"])
    func aCorruptCheckpointIsRefused(content: String) throws {
        try withTemporaryFolder { folder in
            let out = folder.appendingPathComponent("out").path
            let made = try Program.run(
                ["--profile", "smoke", "--dataset", "synthetic", "--drop", "ar", "--epochs", "1", "--out", out])
            #expect(made.status == 0, "\(made.errors)")
            let run = out + "/lstm-full-seed1"
            try Data(content.utf8).write(to: URL(fileURLWithPath: run + "/best.safetensors"))
            for command in ["eval", "spectrum"] {
                let result = try Program.run([command, run])
                #expect(result.status == 65)
                #expect(result.errors.contains("best.safetensors"), "\(result.errors)")
            }
        }
    }

    @Test func aFolderWithoutARunIsRefused() throws {
        try withTemporaryFolder { folder in
            for command in ["eval", "spectrum"] {
                let result = try Program.run([command, folder.path])
                #expect(result.status == 74)
                #expect(result.errors.contains("is not the folder of a run"))
            }
        }
    }

    @discardableResult
    private func expectRefused(_ folder: URL, status: Int32, containing message: String) throws -> Program.Output {
        let out = folder.appendingPathComponent("out")
        let result = try Program.run(["--profile", "smoke", "--dataset", folder.path, "--out", out.path])
        #expect(result.status == status)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output == "")
        #expect((try? FileManager.default.contentsOfDirectory(atPath: out.path)) ?? [] == [])
        return result
    }

    @Test func `a part of the validation text that is too short is refused before anything is trained`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let result = try Program.run(
                ["--profile", "smoke", "--dataset", "synthetic", "--drop", "full", "--set", "validation-tokens=15", "--set", "validation-batch-size=10", "--out", out])
            #expect(result.status == 65 && result.output == "", "\(result.errors)")
            #expect(result.errors.contains("validation text that validation-tokens leaves"), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: out + "/lstm-full-seed1"))
        }
    }
}
