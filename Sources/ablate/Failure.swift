import ArgumentParser
import Corpus
import Documents
import Foundation
import Kernels

/// How an error ends the program: its message on standard error, and an exit code of `sysexits.h`.
enum Failure {
    static func exit(with error: any Error) -> Never {
        guard let kind = kind(of: error) else { exitAsParser(with: error) }
        StandardError.line("Error: \(error)")
        Foundation.exit(kind.rawValue)
    }

    /// Columns below which the parser has no room for an option's help, and traps.
    private static let narrowestHelp = 40

    /// The parser's help and messages, with one line end after the last line.
    private static func exitAsParser(with error: any Error) -> Never {
        let asked = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 80
        setenv("COLUMNS", String(max(narrowestHelp, Terminal.standardOutput.width ?? asked)), 1)
        let code = Ablate.exitCode(for: error)
        var text = Ablate.fullMessage(for: error)
        while text.last?.isNewline == true { text.removeLast() }
        if text.isEmpty { Foundation.exit(code.rawValue) }
        if code == .success {
            // A completion script is no text to be broken.
            print(text.hasPrefix("OVERVIEW") ? AlignedText.wrapped(text, width: Terminal.standardOutput.width) : text)
            do { try StandardOutput.finish() } catch { exit(with: error) }
        } else {
            StandardError.line(text)
        }
        Foundation.exit(code.rawValue)
    }

    /// Nil for the errors of the argument parser, which knows what to do with them.
    private static func kind(of error: any Error) -> InputError.Kind? {
        switch error {
        case let error as InputError: error.kind
        case is LinearAlgebraError: .data
        case is CocoaError: .inputOutput
        default: nil
        }
    }
}

/// Standard output, for what a command was asked for.
enum StandardOutput {
    /// Hands over what was printed and is still held back.
    ///
    /// - Throws: ``InputError`` (`inputOutput`) when it cannot be written, but not when its reader has gone.
    static func finish() throws {
        guard fflush(nil) != 0, errno != EPIPE else { return }
        throw InputError.inputOutput("standard output: cannot be written: \(String(cString: strerror(errno)))")
    }
}

/// Standard error, for progress and errors.
enum StandardError {
    /// Writes lines, on a terminal broken at spaces where they are wider than it.
    static func line(_ text: String) { write(AlignedText.wrapped(text, width: Terminal.standardError.width) + "\n") }

    static func write(_ text: String) {
        // Nobody is left to be told when standard error is closed.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
