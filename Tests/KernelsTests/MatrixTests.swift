import Kernels
import Testing

@Suite struct MatrixTests {
    private func counting(rows: Int, columns: Int) -> Matrix {
        let matrix = Matrix(rows: rows, columns: columns)
        matrix.assign((0..<rows * columns).map(Float.init))
        return matrix
    }

    @Test func newMatricesAreZero() {
        #expect(Matrix(rows: 3, columns: 5).toArray() == Array(repeating: 0, count: 15))
    }

    @Test func valuesLieRowByRow() {
        let matrix = counting(rows: 3, columns: 5)
        #expect(matrix[1, 2] == 7)
        #expect(matrix[2, 4] == 14)
        #expect(matrix.toArray() == (0..<15).map(Float.init))
    }

    @Test func viewsShareStorage() {
        let matrix = counting(rows: 4, columns: 5)
        let view = matrix.rows(1..<3).columns(2..<4)
        #expect(view.toArray() == [7, 8, 12, 13])
        #expect(!view.isContiguous)
        #expect(matrix.rows(1..<3).isContiguous)
        view[1, 0] = -1
        #expect(matrix[2, 2] == -1)
        view.fill(9)
        #expect(matrix.rows(1..<3).toArray() == [5, 6, 9, 9, 9, 10, 11, 9, 9, 14])
        #expect(matrix.rows(0..<1).toArray() == [0, 1, 2, 3, 4], "the rows around a view stay as they were")
        #expect(matrix.rows(3..<4).toArray() == [15, 16, 17, 18, 19])
    }

    @Test func assignmentKeepsToTheView() {
        let matrix = counting(rows: 4, columns: 5)
        matrix.columns(0..<2).rows(2..<4).assign(counting(rows: 5, columns: 4).rows(1..<3).columns(1..<3))
        #expect(matrix.rows(2..<4).toArray() == [5, 6, 12, 13, 14, 9, 10, 17, 18, 19])
        #expect(matrix.rows(0..<2).toArray() == (0..<10).map(Float.init))
    }

    @Test func oneRowOfAWiderMatrixIsContiguous() {
        #expect(counting(rows: 3, columns: 4).rows(1..<2).columns(1..<3).isContiguous)
    }

    @Test func allocationsAreCounted() {
        let before = Buffer.allocations
        let buffers = (1...3).map { Buffer(count: $0) }
        #expect(Buffer.allocations >= before + buffers.count)
    }
}
