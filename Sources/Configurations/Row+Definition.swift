import Documents

extension Row {
    /// Name and changes in one line, for the processes and files that make a run and tell of it: the name, and after a colon what a row
    /// from a file sets, as `weak:weight-dropping=0.1,ar=1`.
    public var definition: String { isFromFile ? "\(name):\(settingsText)" : name }

    /// What a row from a file sets, `key=value` separated by commas; empty for other rows.
    public var settingsText: String { isFromFile ? settings.map(\.description).joined(separator: ",") : "" }

    /// Reads a ``definition``.
    ///
    /// - Throws: ``InputError`` (`usage`) naming what is wrong.
    public init(definition: String) throws {
        guard let colon = definition.firstIndex(of: ":") else {
            try self.init(name: definition)
            return
        }
        let settings = try definition[definition.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false).map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw InputError.usage("\(text): must be key=value") }
            return try Setting(key: parts[0], value: parts[1])
        }
        try self.init(name: String(definition[..<colon]), settings: settings)
    }

    /// Why a name cannot be that of a row from a file, whose runs have folders named for it; nil where it can.
    static func fault(ofOwnName name: String) -> String? {
        if name == "full" { return "'full' is the full model, which every table has; give the row another name" }
        if Ablation(rawValue: name) != nil { return "'\(name)' is the name of a removal; give the row another name" }
        func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) }
        let isSafe = name.unicodeScalars.allSatisfy { isLetterOrDigit($0) || "-_.".unicodeScalars.contains($0) }
        guard isSafe, let first = name.unicodeScalars.first, isLetterOrDigit(first), name.utf8.count <= longestOwnName else {
            return "'\(name.prefix(longestOwnName))' cannot name a row: up to \(longestOwnName) letters of ASCII, digits, '-', '_' and '.' can, "
                + "beginning with a letter or digit"
        }
        return nil
    }

    /// In bytes. The name of a run's folder has the cell and the seed besides, and a file system takes 255.
    private static let longestOwnName = 80
}
