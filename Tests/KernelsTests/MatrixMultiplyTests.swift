import Kernels
import NaiveTwins
import Testing

@Suite struct MatrixMultiplyTests {
    private static let shapes = [(1, 1, 1), (3, 5, 7), (20, 33, 17), (1, 129, 31), (67, 2, 5)]

    private func product(_ a: NaiveMatrix, _ b: NaiveMatrix) -> NaiveMatrix {
        var result = NaiveMatrix(rows: a.rows, columns: b.columns)
        for row in 0..<a.rows {
            for column in 0..<b.columns {
                for k in 0..<a.columns { result[row, column] += a[row, k] * b[k, column] }
            }
        }
        return result
    }

    private func transpose(_ matrix: NaiveMatrix) -> NaiveMatrix {
        var result = NaiveMatrix(rows: matrix.columns, columns: matrix.rows)
        for row in 0..<matrix.rows {
            for column in 0..<matrix.columns { result[column, row] = matrix[row, column] }
        }
        return result
    }

    private func multiply(
        _ a: Matrix, transposed transposedA: Bool, _ b: Matrix, transposed transposedB: Bool, into result: Matrix,
        beta: Float = 0
    ) {
        switch (transposedA, transposedB) {
        case (false, false): Kernels.multiply(a, b, into: result, beta: beta)
        case (false, true): Kernels.multiply(a, b.transposed, into: result, beta: beta)
        case (true, false): Kernels.multiply(a.transposed, b, into: result, beta: beta)
        case (true, true): Kernels.multiply(a.transposed, b.transposed, into: result, beta: beta)
        }
    }

    @Test(arguments: shapes, [(false, false), (false, true), (true, false), (true, true)])
    func everyOrientationOfStridedViews(shape: (Int, Int, Int), transposed: (Bool, Bool)) {
        var random = NaiveRandom(seed: 1)
        let (m, k, n) = shape
        let a = random.matrix(rows: m, columns: k, scale: 1)
        let b = random.matrix(rows: k, columns: n, scale: 1)
        let start = random.matrix(rows: m, columns: n, scale: 1)
        let storedA = Matrix(strided: transposed.0 ? transpose(a) : a, gap: 2)
        let storedB = Matrix(strided: transposed.1 ? transpose(b) : b, gap: 3)

        let overwritten = Matrix(strided: start, gap: 1)
        overwritten.fill(.nan)
        multiply(storedA, transposed: transposed.0, storedB, transposed: transposed.1, into: overwritten)
        #expect(relativeDistance(overwritten.twin, product(a, b)) < 1e-6, "beta 0 overwrites even what is no number")

        let accumulated = Matrix(strided: start, gap: 1)
        multiply(storedA, transposed: transposed.0, storedB, transposed: transposed.1, into: accumulated, beta: 1)
        var expected = product(a, b)
        for index in expected.values.indices { expected.values[index] += start.values[index] }
        #expect(relativeDistance(accumulated.twin, expected) < 1e-6)
    }
}
