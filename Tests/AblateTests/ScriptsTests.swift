import Foundation
import ProjectFolders
import Testing

/// What the programs in `Scripts/` do with input that is wrong, and with what is not theirs: as `ablate` does.
@Suite(.enabled(if: Shell.hasPython3, "needs python3")) struct ScriptsTests {
    @Test(arguments: [
        (["choose-regime"], 64, "required: CANDIDATES.csv, OUT"), (["choose-regime", "/nowhere.csv", "out"], 74, "/nowhere.csv: cannot be read"),
        (["choose-regime", "/dev/null", "out"], 65, "must have the columns candidate, cell and settings"),
        (["docs", "--bogus"], 64, "--bogus"), (["update-articles"], 64, "FILE"), (["update-articles", "/nowhere.md"], 74, "/nowhere.md: cannot be read"),
        (["cost", "bogus"], 64, "bogus"), (["compare-curve", "--bogus", "x"], 64, "--bogus"), (["soak-kill", "--count", "x"], 64, "'x'"),
        (["soak-load", "bogus"], 64, "'bogus'"), (["soak-load", "rows", "--rows", "3"], 64, "--rows is at least 4"),
        (["soak-load", "rows", "--rows", "4", "--program", "/bin/false"], 1, "fault: rows: exit code 1, 0 of 4 rows finished"),
        (["soak-kill", "--program", "/bin/false"], 1, "the table that nobody kills ended with 1"),
        (["check_page.py"], 64, "pages"), (["check_page.py", "/nowhere.html"], 74, "/nowhere.html: there is no such file"),
        (["compare-pytorch", "--cell", "foo"], 64, "'foo'"), (["bench-peer", "--sizes", "huge"], 64, "huge is none of paper, quick"),
        (["fuzz", "10", "10", "checkpiont"], 64, "checkpiont: must be checkpoint, configuration or corpus"), (["fuzz", "--help"], 64, "must be a whole number"),
        (["sanitize", "bogus"], 64, "must be address or thread"), (["with-slurm"], 64, "give a command"),
    ] as [([String], Int32, String)])
    func whatIsWrongIsNamed(command: [String], status: Int32, message: String) throws {
        let result = try run(command)
        #expect(result.status == status && result.output.contains(message), "\(result)")
        #expect(!result.output.contains("Traceback"), "\(result.output)")
    }

    @Test(arguments: ["evaluate_checkpoint.py", "export_checkpoint.py", "train_pytorch.py", "make_fixtures.py"])
    func withoutPyTorchTheScriptSaysWhereItComesFrom(script: String) throws {
        let result = try Shell.run(["PYTHONDONTWRITEBYTECODE=1", "PEER_PYTHON=/bin/false", "python3", "-S", "Scripts/\(script)"])
        #expect(result.status == 74 && result.output.contains("the packages torch and safetensors are missing"), "\(result)")
    }

    @Test func documentationTakesTheLastOnesPlaceAndNothingElse() throws {
        try withTemporaryFolder { folder in
            // A folder of this name does not make it documentation of ours.
            try FileManager.default.createDirectory(at: folder.appendingPathComponent("documentation"), withIntermediateDirectories: false)
            let file = folder.appendingPathComponent("thesis.tex")
            try Data("kept".utf8).write(to: file)
            let result = try run(["docs", folder.path])
            #expect(result.status == 74 && result.output.contains("\(folder.path): holds something else than documentation"), "\(result)")
            #expect(try String(contentsOf: file, encoding: .utf8) == "kept")
        }
    }

    @Test func aTerminatedScriptLeavesNoTemporaryFolder() throws {
        try withTemporaryFolder { folder in
            let program = folder.appendingPathComponent("ablate")
            let temporary = folder.appendingPathComponent("temporary")
            try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: false)
            // It shows that there was a folder to leave.
            try Data("#!/bin/sh\nls '\(temporary.path)' > '\(folder.path)/seen'\nkill -TERM $PPID\nsleep 5\nexit 1\n".utf8).write(to: program)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
            let result = try run(["soak-kill", "--short", "--program", program.path], environment: ["TMPDIR=\(temporary.path)"])
            #expect(result.status == 143, "\(result)")
            #expect(try !String(contentsOf: folder.appendingPathComponent("seen"), encoding: .utf8).isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
        }
    }

    /// A stand-in for `ablate`: perplexities by the candidate's name, of which one diverges.
    private static let ablate = #"""
        import csv, os, sys
        out = sys.argv[sys.argv.index("--out") + 1]
        tokens = next((word.split("=")[1] for word in sys.argv if word.startswith("training-tokens=")), "0")
        averaged = {"25000": {"good": 90, "better": 80}, "50000": {"more": 70, "less": 75}}.get(tokens, {})
        name = os.path.basename(out).removesuffix("-lstm")
        if name == "broken":
            print("Error: wrong", file=sys.stderr)
            sys.exit(65)
        seeds = ["101", "102"] if "--seeds" in sys.argv else ["101"]
        for seed in seeds:
            for row, end in [("full", averaged.get(name, 90)), ("weight-dropping+ar", 200)]:
                folder = f"{out}/lstm-{row}-seed{seed}"
                os.makedirs(folder)
                with open(folder + "/epochs.csv", "w") as file:
                    file.write("epoch,valid_raw_ppl,valid_averaged_ppl\n")
                    file.writelines(f"{epoch},{end if row == 'full' or epoch == 1 else 300},{end if row == 'full' else ''}\n" for epoch in range(1, 11))
        with open(out + "/results.csv", "w") as file:
            file.write("row,seed,parameters,seconds,best_epoch,valid_ppl\n")
            for seed in seeds:
                full = "" if name == "diverges" else averaged.get(name, 90)
                file.write(f"weight-dropping+ar,{seed},10,1,1,200\nfull,{seed},10,1,10,{full}\n")
        """#

    private func chooseRegime(_ candidates: [(String, tokens: Int)], options: [String] = [], in folder: URL) throws -> (status: Int32, output: String) {
        let program = folder.appendingPathComponent("ablate")
        try Data("#!/usr/bin/env python3\n\(Self.ablate)".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        let file = folder.appendingPathComponent("candidates.csv")
        let lines = candidates.map { "\($0.0),lstm,training-tokens=\($0.tokens) layers=2\n" }
        try Data(("candidate,cell,settings\n" + lines.joined()).utf8).write(to: file)
        return try run(["choose-regime", file.path, folder.appendingPathComponent("out").path] + options, environment: ["ABLATE=\(program.path)"])
    }

    @Test func candidatesAreComparedOnTheSameTextOnly() throws {
        try withTemporaryFolder { folder in
            let candidates = [("good", tokens: 25000), ("more", tokens: 50000), ("better", tokens: 25000), ("diverges", tokens: 50000)]
            let (status, output) = try chooseRegime(candidates, options: ["--first-seed", "101"], in: folder)
            #expect(status == 0)
            let lines = output.split(separator: "\n").suffix(2)
            #expect(lines == ["lstm, training-tokens=25000: the rule chooses better", "lstm, training-tokens=50000: the rule chooses more"], "\(output)")
            #expect(output.split(separator: "\n").contains { $0.hasPrefix("diverges") && $0.hasSuffix("no         no") }, "\(output)")
        }
        try withTemporaryFolder { folder in
            let (_, output) = try chooseRegime([("good", tokens: 25000), ("better", tokens: 25000)], in: folder)
            #expect(output.hasSuffix("lstm: the rule chooses better\n"), "\(output)")
        }
    }

    @Test func aCandidateOfSeveralSeedsOrThatAblateRefusesEndsIt() throws {
        try withTemporaryFolder { folder in
            let seeds = try chooseRegime([("good", tokens: 25000)], options: ["--seeds", "2"], in: folder)
            #expect(seeds.status == 65 && seeds.output.contains("has runs of several seeds"), "\(seeds)")
        }
        try withTemporaryFolder { folder in
            let refused = try chooseRegime([("broken", tokens: 25000)], in: folder)
            #expect(refused.status == 65 && refused.output.contains("Error: wrong"), "\(refused)")
        }
    }

    @Test func everyLineOfAFileStaysAndNothingElseIsLeft() throws {
        try withTemporaryFolder { folder in
            let files = ["a.md", "b.md"].map(folder.appendingPathComponent)
            for file in files { try Data("x\n<!-- ablate report DIR -->\nold\n<!-- end of report -->\nlast".utf8).write(to: file) }
            let result = try run(["update-reports"] + files.map(\.path), environment: ["ABLATE=echo", "TMPDIR=\(folder.path)"])
            #expect(result.status == 0, "\(result.output)")
            for file in files {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(text == "x\n<!-- ablate report DIR -->\n\nreport DIR\n\n<!-- end of report -->\nlast\n")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.md", "b.md"])
        }
    }

    @Test func textIsLookedForWhereAblateLooksForIt() throws {
        try withTemporaryFolder { folder in
            let ptb = folder.appendingPathComponent("data/ptb")
            try FileManager.default.createDirectory(at: ptb, withIntermediateDirectories: true)
            for split in ["train", "valid", "test"] { try Data("a b\n".utf8).write(to: ptb.appendingPathComponent("ptb.\(split).txt")) }
            let program = "import sys; sys.path.insert(0, sys.argv[1]); from pytorch import corpus; print(len(corpus.load('ptb', 'none', 0).vocabulary))"
            let scripts = projectRoot.appendingPathComponent("Scripts").path
            let (status, output) = try Shell.run(
                ["PYTHONDONTWRITEBYTECODE=1", "ABLATE_DATA=\(folder.path)/empty", "python3", "-c", program, scripts], in: folder)
            #expect(status == 0 && output == "3\n", "\(output)")
        }
    }

    private func run(_ command: [String], environment: [String] = []) throws -> (status: Int32, output: String) {
        try Shell.run(["PYTHONDONTWRITEBYTECODE=1"] + environment + ["Scripts/\(command[0])"] + command.dropFirst())
    }
}
