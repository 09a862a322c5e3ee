import Foundation

/// Reading and writing whole text files, with errors that name them.
public enum TextFile {
    /// The most bytes that a file may have where nothing else is said. Larger ones are none of ours, and some, as `/dev/zero`, have no end.
    public static let largest = 1_000_000_000

    /// - Parameter limit: so many bytes the file may have.
    /// - Throws: ``InputError``: `inputOutput` when the file cannot be read, `data` when it is too large or not UTF-8.
    public static func read(_ url: URL, atMost limit: Int = largest) throws -> String {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            data = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be read: \(reason(error))")
        }
        guard data.count <= limit else {
            throw InputError.data("\(url.path): has more than \(limit.bytesText), the most that a file of its kind may have")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw InputError.data("\(url.path): is not UTF-8 text")
        }
        return text
    }

    /// Writes as ``DurableFile`` does, so that a reader finds the old text or the new one.
    ///
    /// - Throws: ``InputError`` (`inputOutput`).
    public static func write(_ text: String, to url: URL) throws {
        try DurableFile.write(to: url) { try $0(Data(text.utf8)) }
    }

    /// What the system says, in few words.
    public static func reason(_ error: any Error) -> String {
        // Foundation's own words for these do not name them.
        let codes: [CocoaError.Code: Int32] = [
            .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileReadNoPermission: EACCES, .fileWriteNoPermission: EACCES,
            .fileWriteOutOfSpace: ENOSPC, .fileWriteVolumeReadOnly: EROFS,
        ]
        if let code = (error as? CocoaError).flatMap({ codes[$0.code] }) { return String(cString: strerror(code)) }
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
        if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return error.localizedDescription
    }
}
