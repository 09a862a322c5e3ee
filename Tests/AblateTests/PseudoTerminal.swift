import Foundation
import ProjectFolders

/// The program on a terminal of its own, made by `script` of util-linux.
enum PseudoTerminal {
    /// Whether `script` and `stty` are there, and `script` is the one that takes a command.
    static let isThere = (try? Shell.run(["sh", "-c", "command -v stty && script --version"]))?.output.contains("util-linux") == true

    /// Runs the program with all its output on a terminal and returns what the terminal received, lines ending in a line feed.
    ///
    /// - Parameter kind: the value of `TERM`; unset when nil.
    static func run(_ arguments: [String], columns: Int, kind: String? = "xterm", in folder: URL = projectRoot) throws -> (status: Int32, text: String) {
        let program = ([Program.executable.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let command = "stty cols \(columns); \(kind.map { "TERM='\($0)'; export TERM" } ?? "unset TERM"); exec \(program)"
        let (status, output) = try Shell.run(["script", "-qec", command, "/dev/null"], in: folder)
        return (status, output.replacingOccurrences(of: "\r\n", with: "\n"))
    }
}
