import Documents

/// A row of the table: the full model without a set of techniques, or with other values of some keys.
public struct Row: Sendable, CustomStringConvertible {
    /// `full`, the slugs joined by `+`, the `key=value` of a sweep, or the name that a file gives.
    public let name: String
    /// In the order of declaration, each once.
    public let ablations: [Ablation]
    /// What a row of a sweep, or one from a file, sets.
    public let settings: [Setting]
    /// Whether a file of rows names it.
    public let isFromFile: Bool
    /// Among the rows of its file, from 0.
    private(set) var place = 0

    /// The full model without all of these.
    public init(_ ablations: Set<Ablation>) {
        self.ablations = Ablation.allCases.filter(ablations.contains)
        name = ablations.isEmpty ? "full" : self.ablations.map(\.rawValue).joined(separator: "+")
        settings = []
        isFromFile = false
    }

    /// The full model with another value of one key.
    public init(_ setting: Setting) {
        name = setting.description
        ablations = []
        settings = [setting]
        isFromFile = false
    }

    /// The full model with other values, under a name of its own.
    ///
    /// - Throws: ``InputError`` (`usage`) when the name is that of another row, or none for a folder.
    init(name: String, settings: [Setting]) throws {
        if let fault = Self.fault(ofOwnName: name) { throw InputError.usage(fault) }
        self.name = name
        self.settings = settings
        ablations = []
        isFromFile = true
    }

    /// The model from which nothing is removed.
    public static let full = Row([])

    /// What a sweep sets; nil in the removal table.
    public var setting: Setting? { isFromFile ? nil : settings.first }

    /// The name.
    public var description: String { name }

    /// Reads a name, but none that a file gives.
    ///
    /// - Throws: ``InputError`` (`usage`) naming an unknown slug or key and the nearest known one, or a wrong value.
    public init(name: String) throws {
        if let equals = name.firstIndex(of: "=") {
            self.init(try Setting(key: String(name[..<equals]), value: String(name[name.index(after: equals)...])))
        } else {
            try self.init(slugs: name)
        }
    }

    /// Reads `full`, or slugs joined by `+`, in any order.
    ///
    /// - Throws: ``InputError`` (`usage`) naming an unknown slug and the nearest known one.
    public init(slugs name: String) throws {
        if name == "full" {
            self = .full
            return
        }
        let slugs = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        self.init(
            Set(
                try slugs.map { slug in
                    guard let ablation = Ablation(rawValue: slug) else {
                        let hint = NearestName.hint(for: slug, among: Ablation.allCases.map(\.rawValue))
                        throw InputError.usage("unknown slug '\(slug)'.\(hint) 'ablate rows' lists them all.")
                    }
                    return ablation
                }))
    }

    /// The configuration of this row, made from the full model's.
    public func apply(_ configuration: Configuration) -> Configuration {
        settings.reduce(ablations.reduce(configuration) { $1.apply($0) }) { $1.apply($0) }
    }

    /// What a run of this row is called, and its folder.
    ///
    /// - Parameter configuration: the full model's or the row's, with the run's seed.
    public func runName(in configuration: Configuration) -> String {
        "\(configuration.cell.rawValue)-\(name)-seed\(configuration.seed)"
    }
}

extension Row: Hashable, Comparable {
    /// Whether both change the same under the same name, wherever they stand in their files.
    public static func == (first: Row, second: Row) -> Bool { first.definition == second.definition }

    public func hash(into hasher: inout Hasher) { hasher.combine(definition) }

    /// The full model first, then single removals in the order of the slugs, then combinations, then rows from a file in its order, then
    /// settings by key and value.
    public static func < (first: Row, second: Row) -> Bool {
        if let setting = first.setting, let other = second.setting { return setting < other }
        if first.setting != nil || second.setting != nil { return second.setting != nil }
        if first.isFromFile, second.isFromFile { return (first.place, first.definition) < (second.place, second.definition) }
        if first.isFromFile || second.isFromFile { return second.isFromFile }
        func order(_ row: Row) -> [Int] {
            [row.ablations.count] + row.ablations.map { Ablation.allCases.firstIndex(of: $0) ?? 0 }
        }
        return order(first).lexicographicallyPrecedes(order(second))
    }

    /// The same row at a place among those of a file.
    public func placed(at place: Int) -> Row {
        var row = self
        row.place = place
        return row
    }
}
