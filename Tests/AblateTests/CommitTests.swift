import Foundation
import ProjectFolders
import Testing

/// What a run's manifest says of the commit, and who asks git for it.
@Suite struct CommitTests {
    private func commits(in folder: URL, path: String) throws -> [String] {
        let out = folder.path + "/out"
        let result = try Program.run(
            ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "1", "--drop", "ar", "--drop", "tar", "--out", out],
            environment: ["PATH": path])
        #expect(result.status == 0, "\(result.errors)")
        return try ["full", "ar", "tar"].map { row in
            let manifest = try Data(contentsOf: URL(fileURLWithPath: "\(out)/lstm-\(row)-seed1/manifest.json"))
            let object = try #require(try JSONSerialization.jsonObject(with: manifest) as? [String: Any])
            return try #require(object["commit"] as? String)
        }
    }

    @Test func `git is asked once for all runs`() throws {
        try withTemporaryFolder { folder in
            let git = folder.appendingPathComponent("git")
            try Data("#!/bin/sh\necho asked >> '\(folder.path)/log'\necho c0ffee-dirty\n".utf8).write(to: git)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: git.path)
            let commits = try commits(in: folder, path: folder.path)
            #expect(commits == ["c0ffee-dirty", "c0ffee-dirty", "c0ffee-dirty"])
            #expect(try String(contentsOfFile: folder.path + "/log", encoding: .utf8) == "asked\n")
        }
    }

    @Test func `without git the manifest says so`() throws {
        try withTemporaryFolder { folder in
            let commits = try commits(in: folder, path: folder.path)
            #expect(commits == ["unknown: there is no git here", "unknown: there is no git here", "unknown: there is no git here"])
        }
    }
}
