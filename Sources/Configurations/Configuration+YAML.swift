import Documents
import Foundation
import Recurrent

extension Configuration {
    /// The configuration as YAML, one line a key.
    public var yaml: String {
        yaml(of: ConfigurationKey.all)
    }

    /// The lines of some keys, in their order.
    func yaml(of keys: [ConfigurationKey]) -> String { keys.map { "\($0.name): \($0.literal(in: self))\n" }.joined() }

    /// Reads a configuration that ``yaml`` wrote: every key must be there, but those that were added later, which then have the value that
    /// files without them mean.
    ///
    /// - Throws: ``InputError`` (`data`) naming file and key.
    public init(yaml: String, file: String) throws { try self.init(YAMLFile(text: yaml, name: file), file: file) }

    /// Reads a file that ``yaml`` was written to.
    ///
    /// - Throws: ``InputError``: `inputOutput` when it cannot be read; `data` naming file and key.
    public init(file: URL) throws { try self.init(YAMLFile(file), file: file.path) }

    private init(_ yaml: YAMLFile, file: String) throws {
        self.init()
        let entries = try yaml.entries()
        for entry in entries { try assign(entry, file: file, keys: ConfigurationKey.all) }
        let names = Set(entries.map(\.name))
        for key in ConfigurationKey.all where !names.contains(key.name) {
            guard let value = key.earlierValue, key.assign(value, to: &self) == nil else {
                throw InputError.data("\(file): the key '\(key.name)' is missing")
            }
        }
        if let contradiction { throw InputError.data("\(file): \(contradiction)") }
    }

    /// Puts the values of a configuration file, or of a profile, over those of this configuration.
    ///
    /// A profile may hold a section for each cell, `lstm`, `gru` and `qrnn`, whose values stand for that cell only.
    /// - Throws: ``InputError`` (`data`) naming file and key.
    package mutating func overlay(yaml: String, file: String) throws { try overlay(YAMLFile(text: yaml, name: file), file: file) }

    /// Puts the values of a file over those of this configuration.
    ///
    /// - Throws: ``InputError``: `inputOutput` when it cannot be read; `data` naming file and key.
    mutating func overlay(_ file: URL) throws { try overlay(YAMLFile(file), file: file.path) }

    private mutating func overlay(_ yaml: YAMLFile, file: String) throws {
        let sections = CellKind.allCases.map(\.rawValue)
        let entries = try yaml.entries(sections: sections)
        // The section stands over the common keys wherever it is written in the file. Both are checked.
        var other = self
        for entry in entries where entry.section == nil { try assign(entry, file: file, keys: ConfigurationKey.settings) }
        for entry in entries where entry.section != nil {
            if entry.section == cell.rawValue {
                try assign(entry, file: file, keys: ConfigurationKey.settings)
            } else {
                try other.assign(entry, file: file, keys: ConfigurationKey.settings)
            }
        }
    }

    /// Puts one `key=value` of the command line over this configuration.
    ///
    /// - Throws: ``InputError`` (`usage`) naming the key.
    public mutating func set(_ assignment: String) throws {
        guard let equals = assignment.firstIndex(of: "="), equals > assignment.startIndex else {
            throw InputError.usage("--set \(assignment): must be key=value")
        }
        let name = String(assignment[..<equals])
        let value = String(assignment[assignment.index(after: equals)...])
        if let fault = assign(name: name, value: value, keys: ConfigurationKey.settings) {
            throw InputError.usage("--set \(fault)")
        }
    }

    /// Puts a line of a file over this configuration.
    ///
    /// - Throws: ``InputError`` (`data`) naming file, line and key.
    mutating func assign(_ entry: YAMLFile.Entry, file: String, keys: [ConfigurationKey]) throws {
        if entry.isQuoted, let key = keys.first(where: { $0.name == entry.name }), !key.isText {
            throw InputError.data(
                "\(file):\(entry.line): \(key.name): \"\(entry.value)\" is text; it must be \(key.allowed), without quotation marks")
        }
        if let fault = assign(name: entry.name, value: entry.value, keys: keys) {
            throw InputError.data("\(file):\(entry.line): \(fault)")
        }
    }

    /// Puts a value under a name among `keys`.
    ///
    /// - Returns: what is wrong with name or value; nil when the value was taken.
    mutating func assign(name: String, value: String, keys: [ConfigurationKey]) -> String? {
        guard let key = keys.first(where: { $0.name == name }) else {
            if ConfigurationKey.named(name) != nil { return "\(name): is chosen with --\(name == "seed" ? "seeds" : name)" }
            return "\(name): unknown key.\(NearestName.hint(for: name, among: keys.map(\.name)))"
        }
        return key.assign(value, to: &self)
    }
}
