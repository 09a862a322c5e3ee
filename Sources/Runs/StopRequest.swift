import Dispatch
import Documents
import Foundation
import Kernels
import Synchronization

/// Whether this process has been asked to end: by a signal, or because its parent is gone.
///
/// Training then writes a checkpoint after its window and ends; a table stops its runs and waits for them. A second signal ends the
/// process at once, unless it follows so closely that it is the same one: `timeout` signals its child and then its child's group, and a
/// batch system may do so too.
public final class StopRequest: Sendable {
    /// The signals that ask for an end. Batch systems send the last two some time before a limit.
    static let signals = Array(names.keys)
    private static let names = [SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGUSR1: "SIGUSR1", SIGUSR2: "SIGUSR2"]
    /// The exit code of a process that ended because its parent was gone (`EX_TEMPFAIL`).
    static let orphanStatus: Int32 = 75
    /// A process that has not ended by itself so many seconds after its parent was gone is ended.
    private static let patience = 20.0
    /// A signal so many seconds after the first is still the same request.
    private static let echo = 0.2

    private struct State {
        var status: Int32?
        var time: ContinuousClock.Instant?
        var handlers: [Int: @Sendable () -> Void] = [:]
        var nextHandler = 0
    }

    private let isMade = Atomic<Bool>(false)
    private let state = Mutex(State())

    /// A request that nobody has made yet.
    public init() {}

    /// Whether an end was asked for; cheap enough to ask after each window.
    public var isPending: Bool { isMade.load(ordering: .relaxed) }

    /// The exit code with which the process is to end: 128 and the signal's number; nil while no end was asked for.
    public var status: Int32? { state.withLock { $0.status } }

    /// Waits for the signals that ask for an end.
    ///
    /// - Parameter heedsNohup: leaves those alone that were ignored when the process began, as `nohup` and a shell's `&` do it. A child
    ///   inherits what its parent ignores and must not.
    public func watchSignals(heedsNohup: Bool) {
        // What is written for a reader that is gone must not end this process before its checkpoint.
        signal(SIGPIPE, SIG_IGN)
        for number in Self.signals where !(heedsNohup && Self.isIgnored(number)) {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds the source, which lives as long as the process.
            source.setEventHandler { [self] in
                withExtendedLifetime(source) {
                    if isRepeated { _exit(128 + number) }
                    make(status: 128 + number)
                }
            }
            source.resume()
        }
    }

    /// Waits for the end of standard input, which the parent holds.
    public func watchParent() {
        SystemThread.detach { [self] in
            while !FileHandle.standardInput.nextBytes().isEmpty {}
            make(status: Self.orphanStatus)
            Thread.sleep(forTimeInterval: Self.patience)
            _exit(EXIT_FAILURE)
        }
    }

    /// Calls `action` when an end is asked for, at once if it was.
    ///
    /// - Returns: what ``forget(_:)`` takes.
    func onStop(_ action: @escaping @Sendable () -> Void) -> Int {
        let (id, isLate) = state.withLock { state in
            state.nextHandler += 1
            state.handlers[state.nextHandler] = action
            return (state.nextHandler, state.status != nil)
        }
        if isLate { action() }
        return id
    }

    /// Calls an action no longer.
    func forget(_ handler: Int) { state.withLock { $0.handlers[handler] = nil } }

    /// By what a process with this exit code was asked to end, as ` by SIGTERM`, or nothing; nil when it was not.
    public static func name(ofStatus status: Int32) -> String? {
        status == orphanStatus ? "" : names[status - 128].map { " by \($0)" }
    }

    /// Whether an end was asked for, and not just now.
    private var isRepeated: Bool {
        state.withLock { state in state.time.map { ContinuousClock.now - $0 > .seconds(Self.echo) } ?? false }
    }

    private func make(status: Int32) {
        let handlers = state.withLock { state in
            state.status = state.status ?? status
            state.time = state.time ?? .now
            return Array(state.handlers.values)
        }
        isMade.store(true, ordering: .relaxed)
        for handler in handlers { handler() }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Glibc)
            return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        #else
            return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        #endif
    }
}
