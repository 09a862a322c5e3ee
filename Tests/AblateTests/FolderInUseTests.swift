import Foundation
import ProjectFolders
import Testing

/// Two tables in one output folder.
@Suite struct FolderInUseTests {
    /// Epochs so long that none ends.
    private let arguments = [
        "--profile", "smoke", "--dataset", "synthetic", "--set", "training-tokens=0", "--set", "batch-size=1", "--set", "hidden-size=500",
        "--drop", "ar", "--out",
    ]

    @Test func `the second is refused while the first is at work, and not after it was killed`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let lock = URL(fileURLWithPath: out + "/.lock")
            func start() throws -> Process {
                let (process, output, errors) = try Program.start(arguments + [out])
                for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
                try waitUntil { (try? String(contentsOf: lock, encoding: .utf8).contains(" \(process.processIdentifier)")) == true }
                return process
            }
            let first = try start()
            let second = try Program.run(arguments + [out])
            #expect(second.status == 64 && second.output == "")
            #expect(second.errors.hasPrefix("Error: \(out): process \(first.processIdentifier) on \(ProcessInfo.processInfo.hostName) is at work"))
            #expect(try Program.run(arguments + [out, "--dry-run"]).status == 0)

            kill(first.processIdentifier, SIGKILL)
            first.waitUntilExit()
            #expect(FileManager.default.fileExists(atPath: lock.path))
            let third = try start()
            third.terminate()
            third.waitUntilExit()
            #expect(third.terminationStatus == 128 + SIGTERM)
            #expect(!FileManager.default.fileExists(atPath: lock.path))
        }
    }
}
