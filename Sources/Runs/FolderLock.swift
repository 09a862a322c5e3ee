import Documents
import Foundation

/// Keeps a folder to one process: a file that names its holder.
///
/// It needs no `flock`, which network file systems may lack. The file is made by a hard link, which is there for one process only, over
/// NFS too. Whether its holder lives is asked of the system on the holder's own machine: its process id, and when that process began.
/// From another machine it is judged by the file's age: the holder renews it every ten seconds, and one that was not renewed for two
/// minutes, by the clock of the file server, is taken over.
public final class FolderLock {
    /// Who holds a folder.
    struct Holder: Codable, Equatable {
        /// The process id.
        let process: Int32
        let machine: String
        /// Where the process id counts: another when the machine is started again, and in another container; empty where it is not known.
        let boot: String
        /// When the process began, in the system's own ticks; empty where it is not known.
        let begin: String

        static let current = Holder(
            process: ProcessInfo.processInfo.processIdentifier, machine: ProcessInfo.processInfo.hostName,
            boot: text(of: "/proc/sys/kernel/random/boot_id") + processIDs, begin: begin(of: ProcessInfo.processInfo.processIdentifier))

        /// Of this process's namespace.
        private static var processIDs: String {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")).map { " " + $0 } ?? ""
        }

        /// Whether the process is there; nil where this machine cannot tell.
        var isAlive: Bool? {
            guard machine == Self.current.machine, boot == Self.current.boot else { return nil }
            return (kill(process, 0) == 0 || errno == EPERM) && begin == Self.begin(of: process)
        }

        private static func begin(of process: Int32) -> String {
            // The second field, a name in parentheses, may hold spaces; the beginning is the 20th after it.
            let fields = text(of: "/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 19 ? String(fields[19]) : ""
        }

        private static func text(of file: String) -> String {
            ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// The name of the file.
    static let fileName = ".lock"
    private static let guardianExtension = "change"
    private static let renewal = 10.0
    private static let oldestAge = 120.0

    private let file: URL
    private var timer: (any DispatchSourceTimer)?

    /// Takes the folder.
    ///
    /// - Parameters:
    ///   - patience: so many seconds a holder may take to let go.
    ///   - shouldStop: asked while a holder is waited for; once true, there is no more patience.
    /// - Throws: `InputError`: `usage` when another process holds it, with its id and machine; `inputOutput` when it cannot be written.
    public init(_ folder: URL, patience: Double = 0, shouldStop: () -> Bool = { false }) throws {
        file = folder.appendingPathComponent(Self.fileName)
        let clock = Stopwatch()
        while let holder = try Self.take(file) {
            guard clock.seconds < patience, !shouldStop() else {
                throw InputError.usage(
                    "\(folder.path): process \(holder.process) on \(holder.machine) is at work in this folder; wait for it, or give "
                        + "another folder with --out (if you are sure that it is gone, delete \(file.path))")
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + Self.renewal, repeating: Self.renewal)
        timer.setEventHandler { [file] in
            if Self.holder(in: file) == .current { utimes(file.path, nil) }
        }
        timer.resume()
        self.timer = timer
    }

    /// Whether a file of this name is made here; others that begin alike may be anybody's.
    private static func isName(_ name: String) -> Bool {
        name == fileName || name == "\(fileName).\(guardianExtension)"
            || name.hasPrefix("\(fileName).") && UUID(uuidString: String(name.dropFirst(fileName.count + 1))) != nil
    }

    /// Removes the lock files of processes of this machine that are gone.
    static func removeLeftovers(in folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for file in names.filter(isName).map(folder.appendingPathComponent) {
            // One that does not name its process was left in the middle of a word.
            let age = modificationDate(file).map { Date().timeIntervalSince($0) } ?? 0
            if holder(in: file).map({ $0.isAlive == false }) ?? (age > oldestAge) { unlink(file.path) }
        }
    }

    /// The machine of the process that holds a folder, as far as can be seen from here; nil where none does.
    static func machine(holding folder: URL) -> String? {
        let file = folder.appendingPathComponent(fileName)
        guard let holder = holder(in: file) else { return nil }
        let isHeld = holder.isAlive ?? modificationDate(file).map { Date().timeIntervalSince($0) <= oldestAge } ?? false
        return isHeld ? holder.machine : nil
    }

    /// Lets go of the folder.
    public func release() {
        guard let timer else { return }
        timer.cancel()
        self.timer = nil
        if Self.holder(in: file) == .current { try? FileManager.default.removeItem(at: file) }
    }

    deinit { release() }

    /// Makes the file, in place of one whose holder is gone.
    ///
    /// - Returns: who holds the folder; nil when this process does now.
    private static func take(_ file: URL) throws -> Holder? {
        let own = file.appendingPathExtension(UUID().uuidString)
        defer { unlink(own.path) }
        do {
            // A lock need not outlive the machine, so that nothing is flushed to the disk.
            try Data(try JSONText.encode(Holder.current).utf8).write(to: own, options: .withoutOverwriting)
        } catch {
            throw InputError.inputOutput("\(file.path): cannot be written: \(TextFile.reason(error))")
        }
        for _ in 0..<1_000 {
            if link(own.path, file.path) == 0 { return nil }
            guard errno == EEXIST else {
                throw InputError.inputOutput("\(file.path): cannot be written: \(String(cString: strerror(errno)))")
            }
            let found = holder(in: file)
            guard isAbandoned(file, holder: found, now: own) else {
                return found ?? Holder(process: 0, machine: "an unknown machine", boot: "", begin: "")
            }
            // Of several that find it abandoned one at a time may take it away, and looks again first, lest it take a new one.
            let guardian = file.appendingPathExtension(guardianExtension)
            guard link(own.path, guardian.path) == 0 else {
                if isAbandoned(guardian, holder: holder(in: guardian), now: own) { unlink(guardian.path) }
                usleep(10_000)
                continue
            }
            if holder(in: file) == found, isAbandoned(file, holder: found, now: own) { unlink(file.path) }
            unlink(guardian.path)
        }
        return holder(in: file)
    }

    /// - Parameter now: a file made a moment ago, whose time is that of the file server.
    private static func isAbandoned(_ file: URL, holder: Holder?, now: URL) -> Bool {
        if let isAlive = holder?.isAlive { return !isAlive }
        return isOld(file, now: now)
    }

    private static func isOld(_ file: URL, now: URL) -> Bool {
        guard let written = modificationDate(file), let now = modificationDate(now) else { return false }
        return now.timeIntervalSince(written) > oldestAge
    }

    private static func modificationDate(_ file: URL) -> Date? {
        (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
    }

    private static func holder(in file: URL) -> Holder? {
        (try? TextFile.read(file)).flatMap { try? JSONText.decode(Holder.self, from: $0) }
    }
}
