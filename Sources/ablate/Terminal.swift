import Foundation

/// What a stream of this program can show.
///
/// There are no colours; when there are, this is the place that heeds `NO_COLOR`.
struct Terminal {
    /// Number of columns; nil when the stream is no terminal.
    let width: Int?
    /// Whether a line can be drawn over: on a terminal that knows escape sequences, as `TERM` says.
    let canDrawOver: Bool

    /// As it is now: a terminal may change its size.
    static var standardOutput: Terminal { Terminal(STDOUT_FILENO) }
    static var standardError: Terminal { Terminal(STDERR_FILENO) }

    private init(_ descriptor: Int32) {
        let isTerminal = isatty(descriptor) == 1
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        canDrawOver = isTerminal && kind != "" && kind != "dumb"
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isTerminal ? (isKnown ? Int(size.ws_col) : 80) : nil
    }
}
