import Kernels
import Regularizers
import Testing

/// Each technique that multiplies by a mask: what it multiplies, and that its backward pass is the same product.
@Suite struct TechniqueTests {
    private func random(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
        var stream = RandomStream(seed: 9, name: name)
        let matrix = Matrix(rows: rows, columns: columns)
        stream.fillUniform(matrix, bound: 1)
        return matrix
    }

    private let stream = RandomStream(seed: 1, name: "technique")

    @Test func lockedDropoutUsesOneMaskForAllTimeSteps() throws {
        let (length, batch, width) = (6, 3, 11)
        var dropout = VariationalDropout(strength: 0.4, batchSize: batch, width: width, stream: stream)
        dropout.draw()
        let ones = Matrix(rows: length * batch, columns: width)
        ones.fill(1)
        let dropped = dropout.forward(ones, into: Matrix(rows: length * batch, columns: width))
        let mask = try #require(dropout.mask.values).toArray()
        for step in 0..<length { #expect(dropped.rows(step * batch..<(step + 1) * batch).toArray() == mask) }
        #expect(Set((0..<batch).map { dropped.rows($0..<$0 + 1).toArray() }).count == batch, "each stream has its own")

        let values = random(length * batch, width, "x")
        let expected = zip(values.toArray(), dropped.toArray()).map { $0 * $1 }
        #expect(dropout.forward(values, into: Matrix(rows: length * batch, columns: width)).toArray() == expected)
        dropout.backward(values)
        #expect(values.toArray() == expected)
    }

    @Test func embeddingDropoutDropsWholeWords() throws {
        let (vocabulary, width) = (19, 5)
        var dropout = EmbeddingDropout(strength: 0.5, vocabularySize: vocabulary, stream: stream)
        dropout.draw()
        let table = Matrix(rows: vocabulary, columns: width)
        table.fill(1)
        let ids = (0..<vocabulary).map(Int32.init) + (0..<vocabulary).reversed().map(Int32.init)
        let rows = Matrix(rows: ids.count, columns: width)
        dropout.forward(ids, table: table, into: rows)
        var dropped = 0
        for (index, id) in ids.enumerated() {
            let values = rows.rows(index..<index + 1).toArray()
            #expect(values == Array(repeating: 0, count: width) || values == Array(repeating: 2, count: width))
            #expect(values == rows.rows(Int(id)..<Int(id) + 1).toArray(), "a word is dropped wherever it stands")
            dropped += values[0] == 0 ? 1 : 0
        }
        #expect(dropped > 0 && dropped < ids.count)
        #expect(table.toArray() == Array(repeating: 1, count: vocabulary * width), "the table itself stays whole")

        let gradient = Matrix(rows: vocabulary, columns: width)
        let arriving = Matrix(rows: ids.count, columns: width)
        arriving.fill(1)
        dropout.backward(arriving, ids: ids, tableGradient: gradient)
        let mask = try #require(dropout.mask.values).toArray()
        for word in 0..<vocabulary {
            #expect(gradient.rows(word..<word + 1).toArray() == Array(repeating: 2 * mask[word], count: width))
        }
    }

    @Test func weightDroppingLeavesTheRawWeightsAndMasksTheirGradient() throws {
        var dropping = WeightDropping(strength: 0.5, rows: 12, columns: 3, stream: stream)
        dropping.draw()
        let raw = random(12, 3, "w")
        let before = raw.toArray()
        let mask = try #require(dropping.mask.values).toArray()
        let masked = Matrix(rows: 12, columns: 3)
        #expect(dropping.forward(raw, into: masked).buffer === masked.buffer)
        #expect(masked.toArray() == zip(before, mask).map { $0 * $1 })
        #expect(raw.toArray() == before)
        let gradient = random(12, 3, "g")
        let expected = zip(gradient.toArray(), mask).map { $0 * $1 }
        dropping.backward(gradient)
        #expect(gradient.toArray() == expected)
    }

    @Test func atStrengthZeroNothingIsTouched() {
        let values = random(6, 4, "x")
        let before = values.toArray()
        let scratch = Matrix(rows: 6, columns: 4)

        var locked = VariationalDropout(strength: 0, batchSize: 3, width: 4, stream: stream)
        locked.draw()
        #expect(locked.forward(values, into: scratch).buffer === values.buffer)
        locked.backward(values)

        var dropping = WeightDropping(strength: 0, rows: 6, columns: 4, stream: stream)
        dropping.draw()
        #expect(dropping.forward(values, into: scratch).buffer === values.buffer)
        dropping.backward(values)

        var embedding = EmbeddingDropout(strength: 0, vocabularySize: 6, stream: stream)
        embedding.draw()
        embedding.forward([5, 0, 3, 3, 1, 2], table: values, into: scratch)
        #expect(scratch.rows(0..<1).toArray() == values.rows(5..<6).toArray())

        #expect(ActivationRegularization(strength: 0).addGradient(of: scratch, to: values) == 0)
        #expect(TemporalActivationRegularization(strength: 0).addGradient(of: scratch, batchSize: 2, to: values) == 0)
        #expect(values.toArray() == before)
    }
}
