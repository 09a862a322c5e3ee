import Corpus
import Foundation

/// A folder of a test's own, removed with the value's last reference.
final class TemporaryFolder: Sendable {
    let url: URL

    init(_ files: [String: String] = [:]) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files {
            try write(Data(text.utf8), to: name)
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ data: Data, to name: String) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    /// Every file below the folder, hidden ones included.
    var files: [String] {
        let names = FileManager.default.subpaths(atPath: url.path) ?? []
        return names.filter { name in
            (try? Data(contentsOf: url.appendingPathComponent(name))) != nil
        }.sorted()
    }

    func load(trainingTokens: Int = 0) throws -> Corpus {
        try DatasetLibrary().load(.folder(url.path), trainingTokens: trainingTokens)
    }
}
