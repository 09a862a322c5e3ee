import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// A run whose files cannot be written: the reason is told, and the other rows go on.
@Suite struct FullDiskTests {
    private let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "2", "--drop", "ar", "--drop", "tar", "--out"]

    @Test func `the file and the cause reach the message and the results`() throws {
        try withTemporaryFolder { folder in
            let run = folder.appendingPathComponent("out/lstm-ar-seed1")
            try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
            // A folder that is not empty cannot be replaced by a file.
            try FileManager.default.createDirectory(at: run.appendingPathComponent("best.safetensors/occupied"), withIntermediateDirectories: true)
            let result = try Program.run(arguments + [folder.path + "/out"])
            let reason = "exit code 74: \(run.path)/best.safetensors: cannot be written: Is a directory"
            #expect(result.status == 1)
            #expect(result.errors.contains("lstm-ar-seed1: failed, \(reason)\n"), "\(result.errors)")
            let results = try rows(of: folder.path + "/out/results.csv")
            #expect(results.map { $0["status"] } == ["ok", "failed", "ok"])
            #expect(results.map { $0["reason"] } == ["", reason, ""])
        }
    }

    @Test func `where nothing can be written, the table is printed all the same`() throws {
        try withTemporaryFolder { folder in
            let out = folder.appendingPathComponent("out")
            let made = try Program.run(arguments + [out.path])
            #expect(made.status == 0)
            for name in ["results.csv", "table.csv"] {
                let file = out.appendingPathComponent(name)
                try FileManager.default.removeItem(at: file)
                try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
                try Data().write(to: file.appendingPathComponent("occupied"))
            }
            try FileManager.default.removeItem(at: out.appendingPathComponent("lstm-ar-seed1"))
            let result = try Program.run(arguments + [out.path])
            #expect(result.status == 74)
            #expect(result.errors.contains("Error: \(out.path)/results.csv: cannot be written: "), "\(result.errors)")
            #expect(result.output == made.output)
        }
    }
}
#endif
