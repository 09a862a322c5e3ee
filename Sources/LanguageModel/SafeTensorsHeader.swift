/// The JSON that begins a safetensors file, read strictly: an object of tensors, and of texts under `__metadata__`, with nothing twice.
///
/// It may come from anyone. A reader for any JSON would take the last of two equal keys and round large numbers.
struct SafeTensorsHeader {
    struct Entry: Equatable {
        var type = ""
        var shape: [Int] = []
        var offsets: [Int] = []
    }

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [String: Entry] = [:]

    private var bytes: ArraySlice<UInt8>

    /// - Throws: ``CheckpointError`` saying what is wrong, and at which byte of the header.
    init(_ bytes: [UInt8]) throws(CheckpointError) {
        self.bytes = bytes[...]
        guard String(validating: bytes, as: UTF8.self) != nil else { throw CheckpointError("has a header that is not UTF-8") }
        var names: Set<String> = []
        try readObject(of: "the header") { name, reader throws(CheckpointError) in
            guard names.insert(name).inserted else { throw CheckpointError("has a header with \(name) twice") }
            if name == "__metadata__" { try reader.readMetadata() } else { reader.entries[name] = try reader.readEntry(name) }
        }
        skipSpace()
        guard self.bytes.isEmpty else { throw fault("nothing more") }
    }

    private mutating func readMetadata() throws(CheckpointError) {
        try readObject(of: "__metadata__") { key, reader throws(CheckpointError) in
            guard reader.metadata[key] == nil else { throw CheckpointError("has metadata with \(key) twice") }
            reader.metadata[key] = try reader.readText()
        }
    }

    private mutating func readEntry(_ name: String) throws(CheckpointError) -> Entry {
        var entry = Entry()
        var keys: Set<String> = []
        try readObject(of: name) { key, reader throws(CheckpointError) in
            guard keys.insert(key).inserted else { throw CheckpointError("has a tensor \(name) with \(key) twice") }
            switch key {
            case "dtype": entry.type = try reader.readText()
            case "shape": entry.shape = try reader.readNumbers()
            case "data_offsets": entry.offsets = try reader.readNumbers()
            default: throw CheckpointError("has a tensor \(name) with the unknown key \(key)")
            }
        }
        guard keys.count == 3, entry.offsets.count == 2 else {
            throw CheckpointError("has a tensor \(name) without a type, a shape and two offsets")
        }
        return entry
    }

    private mutating func readObject(
        of name: String, _ body: (String, inout SafeTensorsHeader) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        try read("{")
        if take("}") { return }
        repeat {
            let key = try readText()
            try read(":")
            try body(key, &self)
        } while take(",")
        try read("}")
    }

    private mutating func readNumbers() throws(CheckpointError) -> [Int] {
        var numbers: [Int] = []
        try read("[")
        if take("]") { return [] }
        repeat {
            skipSpace()
            let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard digits.count == 1 || digits.first != 0x30, let number = Int(String(decoding: digits, as: UTF8.self)) else {
                throw fault("a whole number")
            }
            bytes.removeFirst(digits.count)
            numbers.append(number)
        } while take(",")
        try read("]")
        return numbers
    }

    private mutating func readText() throws(CheckpointError) -> String {
        try read("\"")
        var units: [UInt8] = []
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): units += String(try readEscape()).utf8
            case 0..<0x20: throw fault("a text without control characters")
            default: units.append(byte)
            }
        }
        throw fault("the end of a text")
    }

    /// What follows a backslash.
    private mutating func readEscape() throws(CheckpointError) -> Unicode.Scalar {
        switch bytes.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try readHexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            // Two of them make a character beyond the first 65,536.
            guard first < 0xDC00, bytes.popFirst() == UInt8(ascii: "\\"), bytes.popFirst() == UInt8(ascii: "u") else {
                throw fault("the second half of a character")
            }
            let second = try readHexadecimal()
            guard second >= 0xDC00, second < 0xE000, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
                throw fault("the second half of a character")
            }
            return scalar
        default: throw fault("a character that may follow a backslash")
        }
    }

    private mutating func readHexadecimal() throws(CheckpointError) -> UInt32 {
        let digits = bytes.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits") }
        bytes.removeFirst(4)
        return value
    }

    private mutating func read(_ character: Unicode.Scalar) throws(CheckpointError) {
        if !take(character) { throw fault("'\(character)'") }
    }

    /// Whether the character comes next; if so it is behind.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }

    private mutating func skipSpace() {
        while let byte = bytes.first, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { bytes.removeFirst() }
    }

    private func fault(_ expected: String) -> CheckpointError {
        CheckpointError("has a header that is not that of a safetensors file: at byte \(bytes.startIndex) there should be \(expected)")
    }
}
