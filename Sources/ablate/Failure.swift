import ArgumentParser
import Corpus
import Documents
import Foundation
import Kernels

/// How an error ends the program: its message on standard error, and an exit code of `sysexits.h`.
enum Failure {
    static func exit(with error: any Error) -> Never {
        guard let kind = kind(of: error) else { Ablate.exit(withError: error) }
        StandardError.write("Error: \(error)\n")
        Foundation.exit(kind.rawValue)
    }

    /// Nil for the errors of the argument parser, which knows what to do with them.
    private static func kind(of error: any Error) -> InputError.Kind? {
        switch error {
        case let error as InputError: error.kind
        case let error as InputError: error.kind == .data ? .data : .inputOutput
        case is LinearAlgebraError: .data
        case is CocoaError: .inputOutput
        default: nil
        }
    }
}

/// Standard error, for progress and errors.
enum StandardError {
    /// Columns of the terminal; nil when it is none.
    static var terminalWidth: Int? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    static func write(_ text: String) {
        // Nobody is left to be told when standard error is closed.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
