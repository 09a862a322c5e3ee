import Documents

/// A row of the table: the full model without a set of techniques, or with another value of one key.
public struct Row: Hashable, Sendable, CustomStringConvertible {
    /// In the order of declaration, each once.
    public let ablations: [Ablation]
    /// What a row of a sweep sets; nil in the removal table.
    public let setting: Setting?

    /// The full model without all of these.
    public init(_ ablations: Set<Ablation>) {
        self.ablations = Ablation.allCases.filter(ablations.contains)
        setting = nil
    }

    /// The full model with another value of one key.
    public init(_ setting: Setting) {
        ablations = []
        self.setting = setting
    }

    /// The model from which nothing is removed.
    public static let full = Row([])

    /// `full`, the slugs joined by `+`, or `key=value`.
    public var name: String {
        setting?.description ?? (self == .full ? "full" : ablations.map(\.rawValue).joined(separator: "+"))
    }
    /// The name.
    public var description: String { name }

    /// Reads a name.
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
        let removed = ablations.reduce(configuration) { $1.apply($0) }
        return setting?.apply(removed) ?? removed
    }

    /// What a run of this row is called, and its folder.
    ///
    /// - Parameter configuration: the full model's or the row's, with the run's seed.
    public func runName(in configuration: Configuration) -> String {
        "\(configuration.cell.rawValue)-\(name)-seed\(configuration.seed)"
    }
}

extension Row: Comparable {
    /// The full model first, then single removals in the order of the slugs, then combinations, then settings by key and value.
    public static func < (first: Row, second: Row) -> Bool {
        if let setting = first.setting, let other = second.setting { return setting < other }
        if first.setting != nil || second.setting != nil { return second.setting != nil }
        func order(_ row: Row) -> [Int] {
            [row.ablations.count] + row.ablations.map { Ablation.allCases.firstIndex(of: $0) ?? 0 }
        }
        return order(first).lexicographicallyPrecedes(order(second))
    }
}
