import Documents
import Foundation

/// The files of a corpus's three splits.
struct SplitFiles {
    let train, validation, test: URL

    var all: [URL] { [train, validation, test] }
}

/// How a folder names the files of its three splits.
struct SplitNames: Equatable {
    let train, validation, test: String

    static let pennTreebank = SplitNames(pattern: "ptb.*.txt")
    static let wikiText2 = SplitNames(pattern: "wiki.*.tokens")
    static let kingJamesBible = SplitNames(pattern: "kjv.*.txt")
    static let plain = SplitNames(pattern: "*.txt")
    static let known = [pennTreebank, wikiText2, kingJamesBible, plain]
    /// What `*` stands for in a pattern.
    static let splits = ["train", "valid", "test"]

    /// - Parameter pattern: a file name in which `*` stands for train, valid or test.
    private init(pattern: String) {
        let names = Self.splits.map { pattern.replacingOccurrences(of: "*", with: $0) }
        (train, validation, test) = (names[0], names[1], names[2])
    }

    var all: [String] { [train, validation, test] }
    var list: String { "\(train), \(validation) and \(test)" }

    func files(in folder: URL) -> SplitFiles {
        SplitFiles(
            train: folder.appendingPathComponent(train), validation: folder.appendingPathComponent(validation),
            test: folder.appendingPathComponent(test))
    }

    func missing(in folder: URL) -> [String] {
        all.filter { !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
    }
}

extension SplitFiles {
    /// Finds the three splits in a folder of the user's.
    ///
    /// - Throws: `InputError` (`data`) when the folder or a split is missing, or when the folder holds two corpora.
    init(inFolder path: String) throws {
        let folder = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
        var isDirectory: ObjCBool = false
        guard !path.isEmpty, FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory) else {
            throw InputError.data(
                """
                \(path.isEmpty ? "dataset ''" : folder.path): there is no such folder; a dataset is \(Dataset.list), or a folder with \
                \(SplitNames.plain.list).\(Self.hint(for: folder))
                """)
        }
        guard isDirectory.boolValue else {
            throw InputError.data("\(folder.path): is a file; give the folder that holds \(SplitNames.plain.list)")
        }
        let complete = SplitNames.known.filter { $0.missing(in: folder).isEmpty }
        guard complete.count <= 1 else {
            throw InputError.data(
                "\(folder.path): holds more than one corpus: \(complete.map(\.list).joined(separator: "; ")); keep one a folder")
        }
        guard let names = complete.first else {
            let begun = SplitNames.known.first { $0.missing(in: folder).count < 3 } ?? .plain
            throw InputError.data(
                "\(folder.path): \(begun.missing(in: folder).joined(separator: ", ")) missing; the folder must hold \(begun.list)")
        }
        self = names.files(in: folder)
    }

    /// The known dataset that a name without a folder before it may have meant.
    private static func hint(for folder: URL) -> String {
        let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true).standardizedFileURL
        guard folder.deletingLastPathComponent().standardizedFileURL.path == working.path else { return "" }
        return NearestName.hint(for: folder.lastPathComponent, among: Dataset.known.map(\.name))
    }
}
