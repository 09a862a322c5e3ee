import Foundation

/// Files that are there whole or not at all, whatever happens to the process or the machine.
///
/// A file is written under a temporary name in its own folder, flushed to the disk and renamed, and the folder is flushed. Foundation's
/// atomic writing does not flush the folder, so that after a power cut the new name may be gone. Nothing follows a symbolic link: one
/// under the file's own name is replaced, and a temporary file is always a new one.
public enum DurableFile {
    /// How the names of temporary files end.
    public static let temporaryExtension = "part"
    /// The system takes no more in one call.
    private static let largestWrite = 1 << 30

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - previous: keeps the file that is replaced under this name, in the same folder; nil not to keep it. What had this name goes only
    ///     when the new file is durable, so that there are two whole ones at any time.
    ///   - body: hands over the content, piece by piece.
    /// - Throws: ``InputError`` (`inputOutput`) naming the file and the cause. The old file is then still there, or the new one is.
    public static func write(to url: URL, keepingPreviousAs previous: URL? = nil, _ body: ((Data) throws -> Void) throws -> Void) throws {
        do {
            let (temporary, descriptor) = try makeTemporary(for: url)
            var isOpen = true
            var kept: String?
            do {
                defer { if isOpen { close(descriptor) } }
                try body { try append($0, to: descriptor) }
                try check(fsync(descriptor))
                isOpen = false
                try check(close(descriptor))
                kept = try previous.flatMap { try keep(url, as: $0) }
                try check(rename(temporary, url.path))
            } catch {
                unlink(temporary)
                if let kept { unlink(kept) }
                throw error
            }
            defer { if let kept { unlink(kept) } }
            let folder = url.deletingLastPathComponent()
            try flushFolder(folder)
            if let previous, let kept {
                try check(rename(kept, previous.path))
                try flushFolder(folder)
            }
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be written: \(TextFile.reason(error))")
        }
    }

    /// Makes a folder, and those above it, where it is not there.
    ///
    /// - Throws: an error of the file system.
    public static func makeFolder(_ url: URL) throws {
        var made: [URL] = []
        var folder = url.standardizedFileURL
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
            made.append(folder)
            folder.deleteLastPathComponent()
        }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for folder in made { try flushFolder(folder.deletingLastPathComponent()) }
    }

    /// Removes the temporary files that a process left in a folder when it was killed. No other process may be at work there.
    public static func removeLeftovers(in folder: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where isTemporary(name) { unlink(folder.appendingPathComponent(name).path) }
    }

    /// Whether ``write(to:keepingPreviousAs:_:)`` gives such names: with the number of a process. Others that end alike may be anybody's.
    private static func isTemporary(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.last.map(String.init) == temporaryExtension else { return false }
        let numbers = parts[parts.count - 2].split(separator: "-", omittingEmptySubsequences: false)
        return numbers.count < 3 && numbers.allSatisfy { UInt32($0) != nil }
    }

    /// Whether there is a symbolic link, to whatever it leads.
    public static func isSymbolicLink(_ url: URL) -> Bool {
        // A slash at the end would follow it.
        var path = url.path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK
    }

    private static func makeTemporary(for url: URL) throws -> (path: String, descriptor: Int32) {
        let process = ProcessInfo.processInfo.processIdentifier
        var number = 0
        while true {
            let path = "\(url.path).\(process)-\(number).\(temporaryExtension)"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (path, descriptor) }
            // Another thread's, or one that a process of the same number left.
            guard errno == EEXIST, number < 1_000 else { throw systemError() }
            number += 1
        }
    }

    private static func append(_ data: Data, to descriptor: Int32) throws {
        try data.withUnsafeBytes { bytes in
            var place = 0
            while place < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: place), min(bytes.count - place, largestWrite))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw systemError() }
                place += count
            }
        }
    }

    /// A second name for the file that is to be replaced, so that its own name is never missing.
    ///
    /// - Returns: the temporary name; nil where there is nothing to keep, or where it has its last name already.
    private static func keep(_ url: URL, as previous: URL) throws -> String? {
        var facts = stat()
        guard lstat(url.path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        let name = "\(previous.path).\(ProcessInfo.processInfo.processIdentifier).\(temporaryExtension)"
        unlink(name)
        if link(url.path, name) == 0 { return name }
        // A file system without hard links: the file before gives way earlier.
        try check(rename(url.path, previous.path))
        return nil
    }

    private static func flushFolder(_ folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError() }
        defer { close(descriptor) }
        // Some file systems cannot flush a folder, and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw systemError() }
    }

    private static func check(_ result: Int32) throws {
        if result != 0 { throw systemError() }
    }

    private static func systemError() -> NSError { NSError(domain: NSPOSIXErrorDomain, code: Int(errno)) }
}
