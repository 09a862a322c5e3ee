import Documents
import Foundation
import Yams

/// A YAML file of scalars under keys, with the line of each.
///
/// It may come from anyone. Aliases (`*name`), by which a few lines can stand for more text than any memory holds, are refused before the
/// file is taken apart; the library refuses what is nested more than a thousand deep.
struct YAMLFile {
    /// The most bytes that a file may have.
    static let largestFile = 1_000_000
    /// So much of what the library says is told; it quotes whole lines.
    private static let longestReason = 300

    struct Entry {
        let section: String?
        let name: String
        let value: String
        let isQuoted: Bool
        let line: Int
    }

    /// One of a list: a name, and where it is a key the lines below it.
    struct Item {
        let name: String
        let entries: [Entry]?
        let line: Int
    }

    private let root: Node?
    private let name: String

    /// Reads a file.
    ///
    /// - Throws: ``InputError``: `inputOutput` when it cannot be read, `data` when it is too large or not YAML.
    init(_ url: URL) throws { try self.init(text: try TextFile.read(url, atMost: Self.largestFile), name: url.path) }

    /// - Throws: ``InputError`` (`data`) when the text is too large or not YAML.
    init(text: String, name: String) throws {
        self.name = name
        guard text.utf8.count <= Self.largestFile else {
            throw InputError.data("\(name): has more than \(Self.largestFile.bytesText), the most that a configuration may have")
        }
        if let alias = text.firstAlias {
            throw InputError.data("\(name):\(alias.line): \(alias.name): aliases are not allowed; write the value itself")
        }
        do {
            root = try Yams.compose(yaml: text)
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            throw InputError.data("\(name):\(context.mark.line): the key '\(keys.first?.prefix(Self.longestReason) ?? "")' stands there twice")
        } catch {
            throw InputError.data("\(name): not readable as YAML: \(String(describing: error).prefix(Self.longestReason))")
        }
    }

    /// The keys and values of a mapping whose values are scalars; those under `sections` may be mappings of such values.
    ///
    /// An empty file has none.
    func entries(sections: [String] = []) throws -> [Entry] {
        guard let root, root.scalar.map({ !$0.string.isEmpty }) ?? true else { return [] }
        return try entries(of: root, section: nil, sections: sections)
    }

    /// The names of a list, each with the values under it where there are some.
    func items() throws -> [Item] {
        guard let sequence = root?.sequence, !sequence.isEmpty else {
            let isEmpty = root?.scalar.map { $0.string.isEmpty } ?? root?.sequence?.isEmpty ?? (root == nil)
            let fault = isEmpty ? "\(name): is empty;" : "\(name):\(root?.mark?.line ?? 1):"
            throw InputError.data("\(fault) must be a list, one row a line: '- name' or '- name: {key: value}'")
        }
        return try sequence.map { node in
            let line = node.mark?.line ?? 1
            if let scalar = node.scalar { return Item(name: scalar.string, entries: nil, line: line) }
            guard let pair = node.mapping?.first, node.mapping?.count == 1, let key = pair.key.scalar?.string else {
                throw InputError.data("\(name):\(line): must be '- name' or '- name: {key: value}'")
            }
            return Item(name: key, entries: try entries(of: pair.value, section: nil, sections: []), line: line)
        }
    }

    private func entries(of node: Node, section: String?, sections: [String]) throws -> [Entry] {
        guard let mapping = node.mapping else {
            throw InputError.data("\(name):\(node.mark?.line ?? 1): must be lines of 'key: value'")
        }
        return try mapping.flatMap { pair in
            guard let key = pair.key.scalar?.string else {
                throw InputError.data("\(name):\(pair.key.mark?.line ?? 1): must be lines of 'key: value'")
            }
            let line = pair.key.mark?.line ?? 1
            if sections.contains(key) { return try entries(of: pair.value, section: key, sections: []) }
            guard let scalar = pair.value.scalar else {
                throw InputError.data("\(name):\(line): \(key): must be a single value")
            }
            let isQuoted = scalar.style == .doubleQuoted || scalar.style == .singleQuoted
            return [Entry(section: section, name: key, value: scalar.string, isQuoted: isQuoted, line: line)]
        }
    }
}
