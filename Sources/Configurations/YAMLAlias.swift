import Documents

extension String {
    /// The first thing that YAML may take for an alias, and its line. Text in quotation marks that looks like one counts too: what is
    /// found here must not depend on where a quotation begins.
    var firstAlias: (name: String, line: Int)? {
        let bytes = Array(utf8)
        guard let place = bytes.firstAlias else { return nil }
        let name = bytes[(place + 1)...].prefix { $0.isPartOfAnchor }.prefix(40)
        return ("*" + String(decoding: name, as: UTF8.self), 1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") })
    }

    /// In quotation marks, as ``quotedLiteral``, with nothing in it that may be taken for an alias.
    var literalWithoutAlias: String {
        let literal = quotedLiteral
        var bytes = Array(literal.utf8)
        while let place = bytes.firstAlias { bytes.replaceSubrange(place...place, with: Array("\\u002A".utf8)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// An asterisk before a letter that does not stand within a plain word: an alias begins a word.
    fileprivate var firstAlias: Int? {
        indices.first { place in
            self[place] == UInt8(ascii: "*") && place + 1 < count && self[place + 1].isPartOfAnchor
                && (place == 0 || !(self[place - 1].isPartOfAnchor || self[place - 1] == UInt8(ascii: "/") || self[place - 1] == UInt8(ascii: ".")))
        }
    }
}

extension UInt8 {
    /// ASCII letters and digits, `_` and `-`, of which the names of anchors are made.
    fileprivate var isPartOfAnchor: Bool {
        self | 0x20 >= 0x61 && self | 0x20 <= 0x7A || self >= 0x30 && self <= 0x39 || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}
