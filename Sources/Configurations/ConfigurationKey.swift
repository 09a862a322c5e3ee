import Documents

/// A named value of a ``Configuration``: what it may be and where it is kept.
///
/// This is the only declaration of a key. Files, `--set`, validation, writing and comparison all go through it.
public struct ConfigurationKey: Sendable {
    /// Where a value comes from.
    enum Origin: Sendable {
        /// Configuration files, profiles and `--set`.
        case setting
        /// An option of the command line that tells runs apart; written into the run's folder.
        case identity
    }

    /// In kebab case, as it is written in files.
    public let name: String
    /// One line.
    public let summary: String
    /// Whether files and `--set` may set it.
    let origin: Origin
    let field: Field
    /// What files that were written before the key was added mean, as it is written; nil for a key that every file has.
    var earlierValue: String?
    /// When the value first matters.
    var effect = KeyEffect.atOnce

    /// A place in the configuration with the values that may stand there.
    enum Field: Sendable {
        case integer(WritableKeyPath<Configuration, Int> & Sendable, ClosedRange<Int>)
        case number(WritableKeyPath<Configuration, Float> & Sendable, NumberRange)
        case flag(WritableKeyPath<Configuration, Bool> & Sendable)
        case choice(WritableKeyPath<Configuration, String> & Sendable, [String])
        case text(WritableKeyPath<Configuration, String> & Sendable)
    }

    /// Numbers from `lower` on, up to `upper` where there is one.
    struct NumberRange: Sendable {
        let lower: Float
        var includesLower = true
        var upper: Float?

        /// A probability less than 1.
        static let probability = NumberRange(lower: 0, upper: 1)
        static let notNegative = NumberRange(lower: 0)
        static let positive = NumberRange(lower: 0, includesLower: false)

        func contains(_ value: Float) -> Bool {
            value.isFinite && (includesLower ? value >= lower : value > lower) && upper.map { value < $0 } ?? true
        }

        var description: String {
            let start = includesLower ? "of at least \(lower.shortText)" : "greater than \(lower.shortText)"
            return "a number " + start + (upper.map { " and less than \($0.shortText)" } ?? "")
        }
    }

    /// What is allowed, as a sentence can go on after "must be".
    public var allowed: String {
        switch field {
        case .integer(_, let range) where range.upperBound == .max: "a whole number of at least \(range.lowerBound)"
        case .integer(_, let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(_, let range): range.description
        case .flag: "true or false"
        case .choice(_, let choices): choices.joined(separator: " or ")
        case .text: "text"
        }
    }

    /// The value in a configuration, as it is written.
    public func text(in configuration: Configuration) -> String {
        switch field {
        case .integer(let path, _): String(configuration[keyPath: path])
        case .number(let path, _): configuration[keyPath: path].shortText
        case .flag(let path): String(configuration[keyPath: path])
        case .choice(let path, _), .text(let path): configuration[keyPath: path]
        }
    }

    /// The value in a configuration, as YAML and JSON both read it.
    public func literal(in configuration: Configuration) -> String {
        let text = text(in: configuration)
        return isText ? text.literalWithoutAlias : text
    }

    /// Reads a value and puts it into a configuration.
    ///
    /// - Returns: what is wrong with the value, naming key and allowed range; nil when it was taken.
    func assign(_ text: String, to configuration: inout Configuration) -> String? {
        switch field {
        case .integer(let path, let range):
            guard let value = Int(text), range.contains(value) else { break }
            configuration[keyPath: path] = value
            return nil
        case .number(let path, let range):
            guard let value = Float(text), range.contains(value) else { break }
            configuration[keyPath: path] = value
            return nil
        case .flag(let path):
            guard let value = Bool(text) else { break }
            configuration[keyPath: path] = value
            return nil
        case .choice(let path, let choices):
            guard choices.contains(text) else { break }
            configuration[keyPath: path] = text
            return nil
        case .text(let path):
            configuration[keyPath: path] = text
            return nil
        }
        return "\(name): '\(text)' is not allowed; it must be \(allowed)"
    }

    /// The place of a configuration's value among those that are allowed: a number's is the number.
    func order(in configuration: Configuration) -> Double {
        switch field {
        case .integer(let path, _): Double(configuration[keyPath: path])
        case .number(let path, _): Double(configuration[keyPath: path])
        case .flag(let path): configuration[keyPath: path] ? 1 : 0
        case .choice(let path, let choices): Double(choices.firstIndex(of: configuration[keyPath: path]) ?? 0)
        case .text: 0
        }
    }

    /// Whether a YAML value in quotation marks is one of this key's.
    var isText: Bool {
        switch field {
        case .integer, .number, .flag: false
        case .choice, .text: true
        }
    }
}
