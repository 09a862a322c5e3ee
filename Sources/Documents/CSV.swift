import Foundation

/// A table of texts in the format of RFC 4180: a header line, CRLF line ends, quotation marks where they are needed.
public struct CSV: Equatable, Sendable {
    /// The names of the columns.
    public let header: [String]
    /// The lines after the header, each with a field for every column.
    public var records: [[String]]

    /// A table; each record must have as many fields as the header.
    public init(header: [String], records: [[String]]) {
        self.header = header
        self.records = records
    }

    /// Writes the table to a file, whole.
    ///
    /// - Throws: ``InputError`` (`inputOutput`).
    public func write(to path: String) throws { try TextFile.write(text, to: URL(fileURLWithPath: path)) }

    /// The content of the file.
    public var text: String {
        ([header] + records).map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Each record as values by column name.
    public var rows: [[String: String]] {
        records.map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
    }

    /// The line of a file with this content on which a record starts, from 1.
    public func line(ofRecord index: Int) -> Int {
        let before = [header] + records.prefix(index)
        return before.reduce(1) { $0 + 1 + $1.reduce(0) { $0 + $1.unicodeScalars.count { $0 == "\n" } } }
    }

    /// Reads a table; line ends may be LF alone.
    ///
    /// - Throws: ``InputError`` (`data`) naming file and line when a record has not as many fields as the header, a column
    ///   stands twice or a quotation mark is not closed.
    public init(text: String, file: String) throws {
        var records: [[String]] = []
        var lines: [Int] = []
        var (record, field) = ([String](), String.UnicodeScalarView())
        var (line, startLine, isQuoted) = (1, 1, false)
        let scalars = Array(text.unicodeScalars)
        var index = 0
        func endField() {
            record.append(String(field))
            field.removeAll()
        }
        func endRecord() {
            endField()
            records.append(record)
            lines.append(startLine)
            record = []
        }
        while index < scalars.count {
            let scalar = scalars[index]
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            index += 1
            if scalar == "\n" { line += 1 }
            switch scalar {
            case "\"" where isQuoted && next == "\"":
                field.append(scalar)
                index += 1
            case "\"": isQuoted.toggle()
            case _ where isQuoted: field.append(scalar)
            case ",": endField()
            case "\r" where next == "\n": continue
            case "\n":
                endRecord()
                startLine = line
            default: field.append(scalar)
            }
        }
        if isQuoted { throw InputError.data("\(file):\(startLine): a quotation mark is not closed") }
        if !field.isEmpty || !record.isEmpty { endRecord() }
        guard let header = records.first else { throw InputError.data("\(file): is empty; a header line is needed") }
        var names: Set<String> = []
        if let twice = header.first(where: { !names.insert($0).inserted }) { throw InputError.data("\(file):1: the column '\(twice)' stands twice") }
        for (record, line) in zip(records, lines) where record.count != header.count {
            throw InputError.data("\(file):\(line): has \(record.count) fields, the header \(header.count)")
        }
        self.init(header: header, records: Array(records.dropFirst()))
    }

    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
