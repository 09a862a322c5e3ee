import Documents
import Testing

@Suite struct AlignedTextTests {
    private static let words = [
        ["slug", "what it is"], ["weight-dropping", "no DropConnect on the hidden-to-hidden matrices of any layer"], ["ar", "no activation penalty"],
    ]
    private static let figures = [
        ["size", "cell", "tokens/s", "least–most", "MFLOP/token", "of roof"], ["paper", "lstm", "1234", "1200–1300", "145.3", "57 %"],
        ["quick", "gru", "23456", "20000–25000", "3.1", "41 %"],
    ]

    @Test func aColumnOfWordsIsWrapped() {
        let natural = AlignedText.table(Self.words, leftAligned: [0, 1])
        for width in [80, 300] { #expect(AlignedText.table(Self.words, leftAligned: [0, 1], width: width) == natural) }
        #expect(AlignedText.table(Self.words, leftAligned: [0, 1], width: 40) == """
            slug             what it is
            ---------------  ---------------------
            weight-dropping  no DropConnect on the
                             hidden-to-hidden
                             matrices of any layer
            ar               no activation penalty

            """)
    }

    @Test func columnsOfFiguresStandInSeveralTables() {
        let natural = AlignedText.table(Self.figures, leftAligned: [0, 1])
        for width in [80, 300] { #expect(AlignedText.table(Self.figures, leftAligned: [0, 1], repeated: 2, width: width) == natural) }
        #expect(AlignedText.table(Self.figures, leftAligned: [0, 1], repeated: 2, width: 40) == """
            size   cell  tokens/s   least–most
            -----  ----  --------  -----------
            paper  lstm      1234    1200–1300
            quick  gru      23456  20000–25000

            size   cell  MFLOP/token  of roof
            -----  ----  -----------  -------
            paper  lstm        145.3     57 %
            quick  gru           3.1     41 %

            """)
    }

    @Test func whereNoColumnFitsEachRowStandsByItself() {
        #expect(AlignedText.table(Self.words, leftAligned: [0, 1], width: 20) == """
            weight-dropping
              what it is: no
                DropConnect on
                the
                hidden-to-hidden
                matrices of any
                layer
            ar
              what it is: no
                activation
                penalty

            """)
    }

    @Test func noLineIsLongerUnlessAWordIs() {
        for width in 20...120 {
            for (table, repeated) in [(Self.words, 0), (Self.figures, 2), (Self.figures, 0)] {
                let text = AlignedText.table(table, leftAligned: [0, 1], repeated: repeated, width: width)
                #expect(text.split(separator: "\n").allSatisfy { $0.count <= width }, "\(width): \(text)")
                #expect(Set(text.split(whereSeparator: \.isWhitespace)).isSuperset(of: table.dropFirst().joined().flatMap { $0.split(separator: " ") }))
            }
        }
    }

    @Test func aSentenceIsBrokenAtSpaces() {
        let text = "lstm-full-seed1: done, validation 44.0, test 46.0\n  a line of its own\n"
        #expect(AlignedText.wrapped(text, width: nil) == text && AlignedText.wrapped(text, width: 49) == text)
        #expect(AlignedText.wrapped(text, width: 30) == "lstm-full-seed1: done,\n  validation 44.0, test 46.0\n  a line of its own\n")
        #expect(AlignedText.wrapped("a word-without-any-space b", width: 8) == "a\nword-without-any-space\n  b")
    }
}
