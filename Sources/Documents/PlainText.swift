import Foundation

extension Double {
    /// With a fixed number of decimals, in no language's notation.
    public func text(_ decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}

extension Double? {
    /// With a fixed number of decimals; empty for nil.
    public func text(_ decimals: Int) -> String { map { $0.text(decimals) } ?? "" }
}

extension Int {
    /// "1 run" or "2 runs".
    public func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}

extension Int? {
    /// The decimal digits; empty for nil.
    public var text: String { map { String($0) } ?? "" }
}

extension Float {
    /// The shortest decimal that reads back as the same number, whole numbers without a point.
    public var shortText: String { self == rounded() && abs(self) < 1e7 ? String(Int(self)) : description }
}

extension String {
    /// In quotation marks, as YAML and JSON both read it.
    public var quotedLiteral: String {
        let escaped = unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            case "\t": "\\t"
            case _ where scalar.value < 0x20: "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
