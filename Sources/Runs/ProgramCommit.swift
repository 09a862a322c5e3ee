import Documents
import Foundation

/// The commit that the program was built from, as far as git can tell.
public enum ProgramCommit {
    /// The commit of the repository that holds the program's file, with `-dirty` where files were changed; else `unknown` and why.
    ///
    /// Starts git: a table asks once, and hands the answer to its runs.
    public static func find() -> String {
        guard let folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent() else {
            return "unknown: the program's own file was not found"
        }
        let (git, output) = (Process(), Pipe())
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        git.arguments = ["git", "-C", folder.path, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return "unknown: git could not be started" }
        let text = String(decoding: output.fileHandleForReading.allBytes(), as: UTF8.self)
        git.waitUntilExit()
        return switch git.terminationStatus {
        case 0: text.trimmingCharacters(in: .whitespacesAndNewlines)
        case 127: "unknown: there is no git here"
        default: "unknown: the program is not in a git repository"
        }
    }
}
