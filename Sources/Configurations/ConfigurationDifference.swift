import Documents
import Foundation

/// One key whose values differ in two configurations.
public struct ConfigurationDifference: Equatable, Sendable, CustomStringConvertible {
    /// The name of the key.
    public let key: String
    /// Its value in the one configuration, as it is written.
    public let first: String
    /// Its value in the other.
    public let second: String

    /// `key: first → second`.
    public var description: String { "\(key): \(first) → \(second)" }
}

extension Configuration {
    /// The keys whose values differ, in the order of declaration.
    public func differences(to other: Configuration) -> [ConfigurationDifference] {
        ConfigurationKey.all.compactMap { key in
            let (first, second) = (key.text(in: self), key.text(in: other))
            return first == second ? nil : ConfigurationDifference(key: key.name, first: first, second: second)
        }
    }

    /// What a row changes in this configuration, the full model's, as YAML: `key: {full: value, row: value}`, a line a key.
    public func differenceYAML(to row: Configuration) -> String {
        let lines = differences(to: row).compactMap { ConfigurationKey.named($0.key) }
            .map { "\($0.name): {full: \($0.literal(in: self)), row: \($0.literal(in: row))}\n" }
        return lines.isEmpty ? "{}\n" : lines.joined()
    }

    /// The full model's configuration, from a row's, which this is, and what ``differenceYAML(to:)`` wrote of both.
    ///
    /// - Throws: ``InputError`` (`data`) naming file and line.
    public func full(differenceYAML: String, file: String) throws -> Configuration {
        try full(YAMLFile(text: differenceYAML, name: file), file: file)
    }

    /// The full model's configuration, from the file that ``differenceYAML(to:)`` was written to.
    ///
    /// - Throws: ``InputError``: `inputOutput` when it cannot be read; `data` naming file and line.
    public func full(difference file: URL) throws -> Configuration { try full(YAMLFile(file), file: file.path) }

    private func full(_ difference: YAMLFile, file: String) throws -> Configuration {
        var full = self
        for entry in try difference.entries(sections: ConfigurationKey.all.map(\.name)) {
            guard let key = entry.section, ["full", "row"].contains(entry.name) else {
                throw InputError.data("\(file):\(entry.line): must be lines of 'key: {full: value, row: value}'")
            }
            let fault = entry.name == "full" ? full.assign(name: key, value: entry.value, keys: ConfigurationKey.all) : nil
            if let fault { throw InputError.data("\(file):\(entry.line): \(fault)") }
        }
        return full
    }
}
