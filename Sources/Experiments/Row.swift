/// A row of the table: the full model without a set of techniques.
public struct Row: Hashable, Sendable, CustomStringConvertible {
    /// In the order of declaration, each once.
    public let ablations: [Ablation]

    public init(_ ablations: Set<Ablation>) {
        self.ablations = Ablation.allCases.filter(ablations.contains)
    }

    /// The model from which nothing is removed.
    public static let full = Row([])

    /// `full`, or the slugs joined by `+`.
    public var name: String { self == .full ? "full" : ablations.map(\.rawValue).joined(separator: "+") }
    public var description: String { name }

    /// Reads a name; the order of the slugs does not matter.
    ///
    /// - Throws: ``ExperimentError`` (`usage`) naming an unknown slug and the nearest known one.
    public init(name: String) throws {
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
                        throw ExperimentError.usage("unknown slug '\(slug)'.\(hint) 'ablate rows' lists them all.")
                    }
                    return ablation
                }))
    }

    /// The configuration of this row, made from the full model's.
    public func apply(_ configuration: Configuration) -> Configuration {
        ablations.reduce(configuration) { $1.apply($0) }
    }
}
