import Foundation

/// Reading and writing whole text files, with errors that name them.
public enum TextFile {
    /// - Throws: ``InputError``: `inputOutput` when the file cannot be read, `data` when it is not UTF-8.
    public static func read(_ url: URL) throws -> String {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be read: \(reason(error))")
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
        // Foundation's own words for a full disk do not name it.
        if (error as? CocoaError)?.code == .fileWriteOutOfSpace { return String(cString: strerror(ENOSPC)) }
        let error = error as NSError
        if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
        if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return error.localizedDescription
    }
}
