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

    /// Whether this process may mount a file system that nobody else sees.
    private static let canMount = (try? Shell.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]))?.status == 0

    /// Runs a script in which `$D` is a file system of its own, of this size, and `$ABLATE` the program with its arguments.
    private func script(_ text: String, size: String, in folder: URL) throws -> String {
        let disk = folder.appendingPathComponent("disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        let command = "D='\(disk.path)'; ABLATE='\(Program.executable.path) --profile smoke --dataset synthetic --epochs 30 --set training-tokens=10000 --drop full'\n"
            + "mount -t tmpfs -o size=\(size) none \"$D\" || exit 9\n" + text
        return try Shell.run(["unshare", "-m", "bash", "-c", command]).output
    }

    @Test(.enabled(if: canMount, "needs to be allowed to mount (unshare -m)"))
    func `a disk that fills up under a run fails it, and with room it comes to the same end`() throws {
        try withTemporaryFolder { folder in
            let said = try script(
                """
                $ABLATE --out '\(folder.path)/whole' > /dev/null 2>&1
                $ABLATE --out $D/out 2>&1 & id=$!
                for i in {1..600}; do [ -s $D/out/lstm-full-seed1/epochs.csv ] && break; sleep 0.05; done
                cat /dev/zero > $D/fill 2> /dev/null
                wait $id; echo first $?
                rm $D/fill
                $ABLATE --out $D/out --retry-failed > /dev/null; echo second $?
                cmp $D/out/lstm-full-seed1/best.safetensors '\(folder.path)/whole/lstm-full-seed1/best.safetensors' && echo same
                ls -A $D/out/lstm-full-seed1
                """, size: "24m", in: folder)
            #expect(said.contains(/failed, exit code 74: .*\/disk\/out\/lstm-full-seed1\/[a-z.]+: cannot be written: No space left on device/), "\(said)")
            #expect(said.contains("first 74\n") && said.contains("second 0\nsame\n"), "\(said)")
            #expect(!said.contains(".part\n"), "\(said)")
        }
    }

    @Test(.enabled(if: canMount, "needs to be allowed to mount (unshare -m)"))
    func `a disk without room, and one that cannot be written, are told before a run begins`() throws {
        try withTemporaryFolder { folder in
            let small = try script("$ABLATE --out $D/out 2>&1; echo ended $?; ls $D/out", size: "1m", in: folder)
            #expect(small.contains(/Error: .*\/disk\/out: the runs need about [\d.]+ MB of disk, and there are .* free; make room/), "\(small)")
            #expect(small.hasSuffix("ended 74\n"), "\(small)")
            let readOnly = try script("mount -o remount,ro none $D; $ABLATE --out $D/out 2>&1; echo ended $?", size: "24m", in: folder)
            #expect(readOnly.contains("/disk/out: the output folder cannot be written: ") && readOnly.contains("Read-only file system"), "\(readOnly)")
            #expect(readOnly.hasSuffix("ended 74\n"), "\(readOnly)")
        }
    }

    @Test(arguments: ["", "/lstm-full-seed1"])
    func `a folder that is removed while a run is at work in it is named, and made anew the next time`(place: String) throws {
        try withTemporaryFolder { folder in
            let (whole, out) = (folder.path + "/whole", folder.path + "/out")
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "30", "--set", "training-tokens=10000", "--drop", "full", "--out"]
            #expect(try Program.run(arguments + [whole]).status == 0)
            let (process, output, errors) = try Program.start(arguments + [out])
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            try waitUntil { FileManager.default.fileExists(atPath: out + "/lstm-full-seed1/training.safetensors") }
            _ = try Shell.run(["mv", out + place, folder.path + "/gone"])
            process.waitUntilExit()
            let said = try String(contentsOf: errors, encoding: .utf8)
            #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(said)")
            #expect(said.contains(/failed, exit code 74: .*lstm-full-seed1\/[a-z.]+: cannot be written: No such file or directory/), "\(said)")
            let again = try Program.run(arguments + [out, "--retry-failed"])
            #expect(again.status == 0, "\(again.errors)")
            let weights = try [whole, out].map { try Data(contentsOf: URL(fileURLWithPath: $0 + "/lstm-full-seed1/best.safetensors")) }
            #expect(weights[0] == weights[1])
        }
    }

    @Test(arguments: [["rows"], ["info", "--json"], ["--help"]])
    func `what cannot be printed is no success`(command: [String]) throws {
        let (status, output) = try Shell.run(["sh", "-c", "exec \"$@\" >/dev/full", "sh", Program.executable.path] + command)
        #expect(status == 74 && output == "Error: standard output: cannot be written: No space left on device\n", "\(output)")
        // A reader that has read enough is no fault.
        let pipe = try Shell.run(["bash", "-c", "set -o pipefail; \"$@\" | true; exit ${PIPESTATUS[0]}", "bash", Program.executable.path] + command)
        #expect(pipe.output == "", "\(pipe.output)")
    }
}
#endif
