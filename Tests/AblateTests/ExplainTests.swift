import Foundation
import ProjectFolders
import Testing

/// `--explain` prints what each row changes, as each run's folder says it too.
@Suite struct ExplainTests {
    @Test func eachRowBesideTheFullModel() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run(
                ["--explain", "--drop", "ar-tar", "--drop", "weight-dropping", "--cell", "both", "--configs", projectRoot.path], in: folder)
            #expect(result.status == 0 && result.errors == "")
            #expect(result.output == """
                ptb, quick, LSTM
                row              changes          full  row's
                ---------------  ---------------  ----  -----
                full             nothing
                ar-tar           ar                  1      0
                                 tar               0.5      0
                weight-dropping  weight-dropping   0.5      0

                ptb, quick, GRU
                row              changes          full  row's
                ---------------  ---------------  ----  -----
                full             nothing
                ar-tar           ar                0.5      0
                                 tar              0.25      0
                weight-dropping  weight-dropping   0.5      0

                """)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
        let both = try Program.run(["run", "--explain", "--dry-run"])
        #expect(both.status == 64 && both.errors.contains("--dry-run and --explain: give one of them"))
    }

    @Test func eachRunsFolderSaysIt() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run([
                "--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--set", "training-tokens=3000", "--drop", "ar-tar", "--out",
                folder.path,
            ])
            #expect(result.status == 0, "\(result.errors)")
            func difference(_ run: String) throws -> String { try String(contentsOfFile: "\(folder.path)/\(run)/difference.yaml", encoding: .utf8) }
            #expect(try difference("lstm-full-seed1") == "{}\n")
            #expect(try difference("lstm-ar-tar-seed1") == "ar: {full: 2, row: 0}\ntar: {full: 1, row: 0}\n")
        }
    }
}
