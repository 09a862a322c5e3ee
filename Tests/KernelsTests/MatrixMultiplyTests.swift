import CKernels
import Kernels
import NaiveTwins
import Testing

@Suite struct MatrixMultiplyTests {
    private static let shapes = [(1, 1, 1), (3, 5, 7), (20, 33, 17), (1, 129, 31), (67, 2, 5)]
    /// Large enough to be packed and shared: parts and multiples of 20 rows, of 64 columns, of 2,048 in depth, of 1,000 rows to turn.
    private static let largeShapes = [(61, 2051, 131), (1043, 61, 41), (40, 220, 128), (7, 4099, 66)]

    /// Around the sides of tiles (16 by 32) and of blocks of them (32), and more columns than are packed at a time.
    private static let tileShapes = [(15, 31, 16), (17, 32, 15), (32, 33, 33), (33, 64, 48), (49, 65, 31), (3, 2050, 2081)]

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
        beta: Float = 0, path: ProductPath
    ) {
        switch (transposedA, transposedB) {
        case (false, false): Kernels.multiply(a, b, into: result, beta: beta, path: path)
        case (false, true): Kernels.multiply(a, b.transposed, into: result, beta: beta, path: path)
        case (true, false): Kernels.multiply(a.transposed, b, into: result, beta: beta, path: path)
        case (true, true): Kernels.multiply(a.transposed, b.transposed, into: result, beta: beta, path: path)
        }
    }

    @Test(arguments: shapes + largeShapes, [(false, false), (false, true), (true, false), (true, true)])
    func everyOrientationOfStridedViews(shape: (Int, Int, Int), transposed: (Bool, Bool)) {
        for path in ProductPath.available where path.precision == .float32 { check(shape, transposed, path) }
    }

    @Test(
        .enabled(if: ProductPath.available.contains(.amx), "the processor has no AMX"), arguments: shapes + largeShapes + tileShapes,
        [(false, false), (false, true), (true, false), (true, true)])
    func `tile registers multiply factors rounded to bfloat16`(shape: (Int, Int, Int), transposed: (Bool, Bool)) {
        check(shape, transposed, .amx)
    }

    @Test(
        .enabled(if: ProductPath.available.contains(.avx512BF16), "the processor has no AVX512_BF16"),
        arguments: shapes + largeShapes + tileShapes, [(false, false), (false, true), (true, false), (true, true)])
    func `the dot instruction multiplies factors rounded to bfloat16`(shape: (Int, Int, Int), transposed: (Bool, Bool)) {
        check(shape, transposed, .avx512BF16)
    }

    @Test func `a product over nothing is zero`() {
        for path in ProductPath.available {
            let result = Matrix(rows: 2, columns: 3)
            result.fill(1)
            Kernels.multiply(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 3), into: result, beta: 1, path: path)
            #expect(result.toArray() == Array(repeating: 1, count: 6), "\(path)")
            Kernels.multiply(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 3), into: result, path: path)
            #expect(result.toArray() == Array(repeating: 0, count: 6), "\(path)")
        }
    }

    @Test(.enabled(if: ProductPath.preferred == .libxsmm, "built without libxsmm"), arguments: [1, 20, 33], [1, 63, 64, 130])
    func `kernels are made for parts of panels and of rows`(rows: Int, columns: Int) {
        var result = [Float](repeating: 0, count: rows * columns)
        let ones = [Float](repeating: 1, count: 9 * max(rows, columns))
        let isDone = ones.withUnsafeBufferPointer {
            ck_multiply_packing(
                rows, columns, 9, ck_factor(values: $0.baseAddress, stride: 9, transposed: 0),
                ck_factor(values: $0.baseAddress, stride: columns, transposed: 0), &result, columns, 0)
        }
        #expect(isDone == 1 && result.allSatisfy { $0 == 9 })
    }

    @Test(arguments: ProductPath.available, [(61, 2051, 131), (1043, 61, 41), (1, 5, 9), (3, 5, 7)])
    func `a rehearsal leaves the results of large products as they are and does small ones`(path: ProductPath, shape: (Int, Int, Int)) {
        let a = Matrix(rows: shape.0, columns: shape.1), b = Matrix(rows: shape.1, columns: shape.2), result = Matrix(rows: shape.0, columns: shape.2)
        for matrix in [a, b, result] { matrix.fill(1) }
        Rehearsal.of { Kernels.multiply(a, b, into: result, beta: 1, path: path) }
        let isSmall = shape.0 < 60
        #expect(result.toArray().allSatisfy { $0 == (isSmall ? 1 + Float(shape.1) : 1) })
        Rehearsal.of { Kernels.multiply(a, b, into: result, path: path) }
        #expect(result.toArray().allSatisfy { $0 == (isSmall ? Float(shape.1) : 1) })
        Kernels.multiply(a, b, into: result, path: path)
        #expect(result.toArray().allSatisfy { $0 == Float(shape.1) })
    }

    private func check(_ shape: (Int, Int, Int), _ transposed: (Bool, Bool), _ path: ProductPath) {
        var random = NaiveRandom(seed: 1)
        let (m, k, n) = shape
        // Rounding grows with the number of values in a sum.
        let tolerance = 1e-6 * max(1, Double(k) / 500)
        let a = random.matrix(rows: m, columns: k, scale: 1)
        let b = random.matrix(rows: k, columns: n, scale: 1)
        let exact = path.precision == .bfloat16 ? product(a.roundedToBFloat16, b.roundedToBFloat16) : product(a, b)
        let start = random.matrix(rows: m, columns: n, scale: 1)
        let storedA = Matrix(strided: transposed.0 ? transpose(a) : a, gap: 2)
        let storedB = Matrix(strided: transposed.1 ? transpose(b) : b, gap: 3)

        let overwritten = Matrix(strided: start, gap: 1)
        overwritten.fill(.nan)
        multiply(storedA, transposed: transposed.0, storedB, transposed: transposed.1, into: overwritten, path: path)
        #expect(relativeDistance(overwritten.twin, exact) < tolerance, "beta 0 overwrites even what is no number")

        let accumulated = Matrix(strided: start, gap: 1)
        multiply(storedA, transposed: transposed.0, storedB, transposed: transposed.1, into: accumulated, beta: 1, path: path)
        var expected = exact
        for index in expected.values.indices { expected.values[index] += start.values[index] }
        #expect(relativeDistance(accumulated.twin, expected) < tolerance)
    }
}
