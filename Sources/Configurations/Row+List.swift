import Documents
import Foundation

extension Row {
    /// A list of rows as YAML, one a line after `- `: the name of a removal, or a name of its own with the keys that the row sets, as
    /// `- weak: {weight-dropping: 0.1}`.
    ///
    /// - Throws: ``InputError`` (`data`) naming file and line and what is unknown, not allowed or listed twice.
    package static func list(yaml: String, file: String) throws -> [Row] { try list(YAMLFile(text: yaml, name: file), file: file) }

    /// Reads a file of rows.
    ///
    /// - Throws: ``InputError``: `inputOutput` when it cannot be read; `data` naming file and line.
    public static func list(_ file: URL) throws -> [Row] { try list(YAMLFile(file), file: file.path) }

    private static func list(_ yaml: YAMLFile, file: String) throws -> [Row] {
        var lines: [String: Int] = [:]
        return try yaml.items().enumerated().map { place, item in
            do {
                let row = try Row(item, file: file)
                if let first = lines.updateValue(item.line, forKey: row.name) {
                    throw InputError.usage("the row '\(row)' is listed twice; it stands in line \(first) already")
                }
                return row.placed(at: place)
            } catch let error as InputError where error.kind == .usage {
                throw InputError.data("\(file):\(item.line): \(error.message)")
            }
        }
    }

    private init(_ item: YAMLFile.Item, file: String) throws {
        guard let entries = item.entries else {
            try self.init(slugs: item.name)
            return
        }
        if let fault = Self.fault(ofOwnName: item.name) { throw InputError.usage(fault) }
        guard !entries.isEmpty else { throw InputError.usage("\(item.name): sets nothing; give it a key and a value, as {weight-dropping: 0.1}") }
        var trial = Configuration()
        for entry in entries { try trial.assign(entry, file: file, keys: ConfigurationKey.settings) }
        try self.init(name: item.name, settings: entries.map { try Setting(key: $0.name, value: $0.value) })
    }

    /// The rows as a file that ``list(_:)`` reads.
    public static func yaml(_ rows: [Row]) -> String {
        rows.map { row in
            let settings = row.settings.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            return row.isFromFile ? "- \(row.name): {\(settings)}\n" : "- \(row.name)\n"
        }.joined()
    }
}
