import Documents

/// A value of one configuration key, as a sweep sets it.
public struct Setting: Hashable, Sendable, CustomStringConvertible {
    /// The key's name.
    public let key: String
    /// As the key writes it: `14.0` is `14`.
    public let value: String
    /// The key's place among all, and the value's among those it may have.
    private let order: [Double]

    /// - Throws: ``InputError`` (`usage`) when the key is unknown, or not one to be set, or the value is not allowed.
    public init(key: String, value: String) throws {
        var trial = Configuration()
        let fault = trial.assign(name: key, value: value, keys: ConfigurationKey.settings)
        guard fault == nil, let index = ConfigurationKey.all.firstIndex(where: { $0.name == key }) else {
            throw InputError.usage(fault ?? "\(key): unknown key")
        }
        self.key = key
        self.value = ConfigurationKey.all[index].text(in: trial)
        order = [Double(index), ConfigurationKey.all[index].order(in: trial)]
    }

    /// `key=value`.
    public var description: String { "\(key)=\(value)" }

    /// The configuration with this value; nothing else changes.
    public func apply(_ configuration: Configuration) -> Configuration {
        var result = configuration
        // A value that was allowed once is allowed always.
        _ = result.assign(name: key, value: value, keys: ConfigurationKey.settings)
        return result
    }
}

extension Setting: Comparable {
    /// By key, in the order of declaration, then by value: numbers by size, `false` before `true`.
    public static func < (first: Setting, second: Setting) -> Bool { first.order.lexicographicallyPrecedes(second.order) }
}
