import Documents
import Yams

/// A YAML file of scalars under keys, with the line of each.
struct YAMLFile {
    struct Entry {
        let section: String?
        let name: String
        let value: String
        let isQuoted: Bool
        let line: Int
    }

    private let root: Node?
    private let name: String

    /// - Throws: ``InputError`` (`data`) when the text is not YAML.
    init(text: String, name: String) throws {
        self.name = name
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw InputError.data("\(name): not readable as YAML: \(error)")
        }
    }

    /// The keys and values of a mapping whose values are scalars; those under `sections` may be mappings of such values.
    ///
    /// An empty file has none.
    func entries(sections: [String] = []) throws -> [Entry] {
        guard let root, root.scalar.map({ !$0.string.isEmpty }) ?? true else { return [] }
        return try entries(of: root, section: nil, sections: sections)
    }

    /// The texts of a sequence.
    func items() throws -> [String] {
        guard let items = root?.sequence?.map({ $0.scalar?.string }), !items.isEmpty, !items.contains(nil) else {
            throw InputError.data("\(name): must be a list, one name a line after '- '")
        }
        return items.compactMap { $0 }
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
