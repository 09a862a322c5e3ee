import Documents
import Foundation

/// Debian's program `bible`, which prints the King James Bible.
struct BibleProgram: Sendable {
    /// Folders separated by colons, as in `PATH`.
    let searchPath: String

    /// A verse a line after its reference, from the data of the package `bible-kjv-text`, whatever the working folder holds.
    private static let arguments = ["-f", "-p", "/usr/lib", "Gen1:1-Rev22:21"]
    private static let installing = "install Debian's packages bible-kjv and bible-kjv-text (make ablate-kjv does)"

    /// Makes those of the three files that `folder` lacks. A file comes into being whole and only when the hashes of all
    /// three texts are right.
    ///
    /// - Throws: `InputError`: `inputOutput` when the program is missing or fails, or a file cannot be written; `data` when a
    ///   file that is there or what the program prints is not the text expected.
    func texts(of published: PublishedText, into folder: URL) throws -> [SplitText] {
        let files = published.names.files(in: folder).all
        let present = try zip(files, published.hashes).map { file, hash in
            FileManager.default.fileExists(atPath: file.path) ? try SplitText(file, expectedHash: hash) : nil
        }
        guard let program = InstalledProgram("bible", searchPath: searchPath) else {
            throw InputError.inputOutput(
                """
                \(folder.path): \(published.names.missing(in: folder).joined(separator: ", ")) missing, and so is the program 'bible' that \
                the text is made with; \(Self.installing), or use --dataset synthetic, which needs no file
                """)
        }
        let splits = try splits(printedBy: program)
        for (name, (bytes, hash)) in zip(published.names.all, zip(splits, published.hashes)) {
            let found = sha256(bytes)
            guard found == hash else {
                throw InputError.data(
                    """
                    \(program.url.path): \(name) made from what it prints has the SHA-256 \(found), but \(hash) is right; nothing was \
                    kept; \(Self.installing), of version 4.38 if another prints another text
                    """)
            }
        }
        return try files.indices.map { try present[$0] ?? SplitText(writing: splits[$0], to: files[$0]) }
    }

    private func splits(printedBy program: InstalledProgram) throws -> [[UInt8]] {
        let printed = try output(of: program)
        do {
            return try KingJamesBible.splits(of: printed)
        } catch {
            throw InputError.data(
                """
                \(program.url.path): printed '\(error.line)' where a verse such as 'Ge1:3 And God said' is expected; \(Self.installing)
                """)
        }
    }

    /// What the program prints, errors included.
    private func output(of program: InstalledProgram) throws -> [UInt8] {
        let end: InstalledProgram.End
        do {
            end = try program.run(Self.arguments)
        } catch let error as InputError {
            throw InputError.inputOutput("\(error.message); \(Self.installing)")
        }
        guard end.isSuccess else {
            throw InputError.inputOutput("\(program.url.path): failed with exit code \(end.status)\(end.lastLine); \(Self.installing)")
        }
        return end.output
    }
}
