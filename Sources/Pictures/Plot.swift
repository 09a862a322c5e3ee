import Corpus
import Foundation

/// A plot as a script for gnuplot, and what is to be said of it.
public struct Plot: Equatable, Sendable {
    /// Of its file, without extension.
    public let name: String
    /// A few words.
    public let title: String
    /// What it shows, for those who do not see it.
    public let description: String
    /// In pixels of 1/96 inch.
    public let width: Int
    /// In pixels of 1/96 inch.
    public let height: Int
    /// Size of the letters in pixels.
    let fontSize: Int
    /// All but the lines that say where the picture goes.
    let script: String

    /// SHA-256 of all that the picture is made from, its data and its layout; it stands in the picture's file. Other versions of gnuplot
    /// may make other bytes of the same.
    public var digest: String { sha256(Data([title, description, "\(width) \(height) \(fontSize)", script].joined(separator: "\n").utf8)) }

    /// A position in the picture for a script, from its left and lower edge.
    static func place(_ x: Double, _ y: Double, width: Int, height: Int) -> String {
        "screen \(number(x / Double(width))), screen \(number(y / Double(height)))"
    }

    /// Without exponent, and no more digits than matter; `?` for none.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "?" }
        return String(format: abs(value) < 1e6 ? "%.4f" : "%.6g", value)
    }

    /// A text for a script: letters, digits, and signs that mean nothing to gnuplot, whatever a file had there.
    static func safe(_ text: String, longest: Int = 40) -> String {
        let kept = text.map { $0 == "'" ? "’" : $0 }.map { character in
            (character.isLetter || character.isNumber) && character.unicodeScalars.count == 1 || " -+=.,:()/%±−Δ→_’".contains(character)
                ? String(character) : "·"
        }
        return kept.count <= longest ? kept.joined() : kept.prefix(longest - 1).joined() + "…"
    }
}

extension String {
    /// As the name of a file: letters, digits, `-`, `+`, `=`, `_` and `.`, and no dot at the start.
    public var fileName: String {
        let kept = map { $0.isASCII && ($0.isLetter || $0.isNumber) || "-+=_.".contains($0) ? String($0) : "-" }.joined()
        return kept.hasPrefix(".") ? "-" + kept : kept
    }
}
