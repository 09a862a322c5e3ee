import Foundation

/// Reading and writing whole text files, with errors that name them.
enum TextFile {
    /// - Throws: ``ExperimentError``: `inputOutput` when the file cannot be read, `data` when it is not UTF-8.
    static func read(_ url: URL) throws -> String {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw ExperimentError.inputOutput("\(url.path): cannot be read: \(reason(error))")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ExperimentError.data("\(url.path): is not UTF-8 text")
        }
        return text
    }

    /// Writes to a temporary file and renames it, so that a reader finds the old text or the new one.
    ///
    /// - Throws: ``ExperimentError`` (`inputOutput`).
    static func write(_ text: String, to url: URL) throws {
        do {
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw ExperimentError.inputOutput("\(url.path): cannot be written: \(reason(error))")
        }
    }

    /// What the system says, in few words.
    static func reason(_ error: any Error) -> String {
        if let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(underlying.code)))
        }
        return error.localizedDescription
    }
}
