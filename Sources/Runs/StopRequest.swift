import Dispatch
import Foundation
import Synchronization

/// Whether this process has been asked to end: by a signal, or because its parent is gone.
///
/// Training then writes a checkpoint after its window and ends. A process that has not ended by itself soon after its parent is gone
/// is ended.
public final class StopRequest: Sendable {
    private let isMade = Atomic<Bool>(false)
    private static let patience = 20.0

    public init() {}

    public var isPending: Bool { isMade.load(ordering: .relaxed) }

    /// Waits for the end of standard input, which the parent holds, and for the signals that ask for an end.
    public func watch() {
        // What is written for a parent that is gone must not end this process before its checkpoint.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds the source, which lives as long as the process.
            source.setEventHandler { [self] in withExtendedLifetime(source) { isMade.store(true, ordering: .relaxed) } }
            source.resume()
        }
        Thread.detachNewThread { [self] in
            while !FileHandle.standardInput.availableData.isEmpty {}
            isMade.store(true, ordering: .relaxed)
            Thread.sleep(forTimeInterval: Self.patience)
            _exit(EXIT_FAILURE)
        }
    }
}
