import Documents

extension Row {
    /// A list of rows as YAML, one name a line after `- `.
    ///
    /// - Throws: ``InputError`` (`data`) naming the file and what is unknown or listed twice.
    package static func list(yaml: String, file: String) throws -> [Row] { try list(YAMLFile(text: yaml, name: file), file: file) }

    static func list(_ yaml: YAMLFile, file: String) throws -> [Row] {
        var rows: Set<Row> = []
        return try yaml.items().map { item in
            do {
                let row = try Row(slugs: item)
                guard rows.insert(row).inserted else { throw InputError.data("the row '\(row)' is listed twice") }
                return row
            } catch let error as InputError {
                throw InputError.data("\(file): \(error.message)")
            }
        }
    }
}
