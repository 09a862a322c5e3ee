import Foundation
import ProjectFolders
import Testing

/// `--quiet` prints the table, and on standard error only what went wrong.
@Suite struct QuietTests {
    private static let smoke = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--quiet"]

    @Test func standardErrorStaysEmpty() throws {
        try withTemporaryFolder { folder in
            for arguments in [["--drop", "ar"], ["sweep", "--key", "ar", "--values", "0,2"]] {
                let command = arguments + Self.smoke + ["--out", folder.path]
                let first = try Program.run(command)
                #expect(first.status == 0 && first.errors == "", "\(first.errors)")
                #expect(first.output.hasPrefix("synthetic, smoke, LSTM"))
                let again = try Program.run(command)
                #expect(again.output == first.output && again.errors == "")
            }
        }
    }

    @Test func failuresAndErrorsAreStillTold() throws {
        try withTemporaryFolder { folder in
            // A run's folder holds a damaged state to go on from.
            let command = ["--drop", "ar", "--out", folder.path] + Self.smoke
            #expect(try Program.run(command).status == 0)
            let run = folder.appendingPathComponent("lstm-ar-seed1")
            try FileManager.default.removeItem(at: run.appendingPathComponent("result.csv"))
            try Data("damaged".utf8).write(to: run.appendingPathComponent("training.safetensors"))
            let failed = try Program.run(command)
            #expect(failed.status == 1 && failed.output.contains("failed"), "\(failed.output)")
            #expect(failed.errors.hasPrefix("lstm-ar-seed1: failed, ") && failed.errors.split(separator: "\n").count == 2, "\(failed.errors)")
            #expect(failed.errors.contains("\n1 of the runs failed; the same command with --retry-failed tries again"), "\(failed.errors)")
            let left = try Program.run(command)
            #expect(left.status == 1 && left.errors == "1 of the runs failed before (--retry-failed tries again)\n", "\(left.errors)")
        }
        let wrong = try Program.run(["--quiet", "--drop", "nothing"])
        #expect(wrong.status == 64 && wrong.errors.contains("unknown slug 'nothing'"))
    }
}
