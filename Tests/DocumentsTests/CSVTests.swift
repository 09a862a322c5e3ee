import Testing

@testable import Documents

@Suite struct CSVTests {
    @Test func fieldsAreQuotedWhereTheyMustBe() {
        let csv = CSV(header: ["a", "b"], records: [["plain", "with, comma"], ["say \"hi\"", "two\nlines"], ["", "ü"]])
        #expect(csv.text == "a,b\r\nplain,\"with, comma\"\r\n\"say \"\"hi\"\"\",\"two\nlines\"\r\n,ü\r\n")
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let csv = CSV(header: ["a,", "\"b\""], records: [["\r\n", "\""], ["", ""], [" x ", "e\u{301}\r"]])
        #expect(try CSV(text: csv.text, file: "f") == csv)
    }

    @Test func lineEndsMayBeLineFeedsAndTheLastMayBeMissing() throws {
        let csv = try CSV(text: "a,b\n1,2\r\n3,4", file: "f")
        #expect(csv.records == [["1", "2"], ["3", "4"]])
        #expect(csv.rows == [["a": "1", "b": "2"], ["a": "3", "b": "4"]])
    }

    @Test func badFilesAreNamedWithTheLine() {
        #expect(inputError { _ = try CSV(text: "a,b\n\"1\n\",2\n3\n", file: "f.csv") }?.message == "f.csv:4: has 1 fields, the header 2")
        #expect(inputError { _ = try CSV(text: "a\n\"1", file: "f.csv") }?.message == "f.csv:2: a quotation mark is not closed")
        #expect(inputError { _ = try CSV(text: "", file: "f.csv") }?.kind == .data)
    }
}

/// The error that `body` throws, if it is one of ours.
private func inputError(_ body: () throws -> Void) -> InputError? {
    do {
        try body()
        return nil
    } catch {
        return error as? InputError
    }
}
