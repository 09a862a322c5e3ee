import Foundation
import ProjectFolders
import Testing

/// `--rows FILE`: a table whose rows a file names.
@Suite struct RowsFileTests {
    private let options = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "2", "--set", "training-tokens=3000", "--configs", projectRoot.path]
    private let yaml = "- weight-dropping\n- one-stage: {fine-tuning: false}\n- half:\n    weight-dropping: 0.5\n    ar: 1\n- a.same: {ar: 2}\n"

    @Test func `rows, their order and their changes are found again by every command`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("my rows")
            try yaml.write(to: file, atomically: true, encoding: .utf8)
            // The file is named without a slash, from the folder where it is.
            let arguments = ["--rows", "my rows", "--out", "out"] + options
            func run(_ arguments: [String]) throws -> Program.Output { try Program.run(arguments, in: folder) }
            let first = try run(arguments)
            #expect(first.status == 0 && first.errors.contains("lstm-one-stage-seed1: starts from lstm-full-seed1"), "\(first.errors)")
            #expect(first.output.contains("\none-stage: fine-tuning: true → false.\nhalf: weight-dropping: 0.2 → 0.5; ar: 2 → 1.\na.same: as the full model.\n"))
            #expect(try rows(of: folder.path + "/out/results.csv").map { $0["row"] } == ["full", "weight-dropping", "one-stage", "half", "a.same"])
            #expect(try String(contentsOfFile: folder.path + "/out/lstm-half-seed1/difference.yaml", encoding: .utf8) == "weight-dropping: {full: 0.2, row: 0.5}\nar: {full: 2, row: 1}\n")

            #expect(try run(["report", "out"]).output == first.output)
            #expect(try run(["report", "out/results.csv"]).output.contains("\nhalf: weight-dropping: 0.2 → 0.5; ar: 2 → 1.\n"))
            let again = try run(arguments)
            #expect(again.output == first.output && again.errors.contains("5 there already"), "\(again.errors)")
            // What the folder keeps is a file of rows itself.
            #expect(try run(["--rows", "out/rows.yaml", "--out", "out"] + options).errors.contains("4 runs: 4 there already"))
            #expect(try run(["verify", "out"]).output.contains("ok, the rows of these runs\n"))

            // The run that started from the full model's is the removal's, which the file does not name.
            #expect(try run(["--drop", "fine-tuning", "--no-sharing", "--out", "out"] + options).status == 0)
            let weights = try ["one-stage", "fine-tuning"].map { try Data(contentsOf: folder.appendingPathComponent("out/lstm-\($0)-seed1/best.safetensors")) }
            #expect(weights[0] == weights[1])

            // A changed file is told of, whatever else is asked; and so is a changed copy.
            try yaml.replacing("ar: 1", with: "ar: 1.5").write(to: file, atomically: true, encoding: .utf8)
            for more in [[], ["--dry-run"]] {
                let changed = try run(arguments + more)
                #expect(changed.status == 64 && changed.output == "")
                #expect(changed.errors.hasSuffix("/out/rows.yaml: the row 'half' is {weight-dropping=0.5,ar=1} there and {weight-dropping=0.5,ar=1.5} here; give it another name, or another folder with --out\n"), "\(changed.errors)")
            }
            let copy = folder.appendingPathComponent("out/rows.yaml")
            try String(contentsOf: copy, encoding: .utf8).replacing("ar: 1", with: "ar: 1.5").write(to: copy, atomically: true, encoding: .utf8)
            let verified = try run(["verify", "out"])
            #expect(verified.status == 65 && verified.output.contains("has no row 'half' as its run was made"), "\(verified.output)")
            try "- half: {ar: x}\n".write(to: copy, atomically: true, encoding: .utf8)
            for command in [["verify", "out"], ["report", "out"], arguments] {
                let result = try run(command)
                #expect(result.status == 65 && (result.output + result.errors).contains("rows.yaml:1: ar: 'x' is not allowed"), "\(result.output)\(result.errors)")
            }
        }
    }

    @Test func `a file that cannot be used ends the command before it leaves anything`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("rows.yaml")
            for (content, status, message) in [
                (nil, 74, "/rows.yaml: cannot be read: No such file or directory\n"), ("", 65, "/rows.yaml: is empty; must be a list"),
                ("- a: {x: 1}\n", 65, "/rows.yaml:1: x: unknown key."), ("- full: {ar: 1}\n", 65, "/rows.yaml:1: 'full' is the full model"),
                ("- ../a: {ar: 1}\n", 65, "/rows.yaml:1: '../a' cannot name a row"),
            ] as [(String?, Int32, String)] {
                try content?.write(to: file, atomically: true, encoding: .utf8)
                let result = try Program.run(["--rows", "rows.yaml", "--out", "out"] + options, in: folder)
                #expect(result.status == status && result.output == "" && result.errors.contains(message), "\(result.errors)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["rows.yaml"])
        }
    }

    @Test func `a file of rows in the output folder stays as it was written`() throws {
        try withTemporaryFolder { folder in
            let out = folder.appendingPathComponent("out")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            let text = "# what I want to know\n- weight-dropping\n- half: {weight-dropping: 0.5}\n"
            let file = out.appendingPathComponent("rows.yaml")
            try text.write(to: file, atomically: true, encoding: .utf8)
            #expect(try Program.run(["--rows", file.path, "--out", out.path] + options).status == 0)
            #expect(try String(contentsOf: file, encoding: .utf8) == text)
        }
    }

    @Test func `the spectrum of a model with more layers than its partner is printed`() throws {
        try withTemporaryFolder { folder in
            let (file, out) = (folder.appendingPathComponent("rows"), folder.path + "/out")
            try "- weight-dropping\n- deep: {layers: 4}\n".write(to: file, atomically: true, encoding: .utf8)
            #expect(try Program.run(["--rows", file.path, "--out", out] + options).status == 0)
            let result = try Program.run(["spectrum", out + "/lstm-deep-seed1"])
            #expect(result.status == 0 && result.output.contains("layers.3.weight_hh"), "\(result.errors)")
        }
    }
}
