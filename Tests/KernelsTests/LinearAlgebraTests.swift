import Foundation
import Kernels
import NaiveTwins
import Testing

@Suite struct LinearAlgebraTests {
    private func gaussian(_ size: Int, seed: UInt64) -> Matrix {
        var random = RandomStream(seed: seed, name: "gaussian")
        let matrix = Matrix(rows: size, columns: size)
        matrix.assign((0..<size * size).map { _ in Float(random.normal()) })
        return matrix
    }

    @Test(arguments: [1, 2, 5, 31]) func orthogonaliseGivesTheQOfQR(size: Int) throws {
        let original = gaussian(size, seed: 3)
        let q = Matrix(rows: size, columns: size)
        q.assign(original)
        try q.orthogonalise()

        let product = Matrix(rows: size, columns: size)
        multiply(q.transposed, q, into: product)
        var identity = NaiveMatrix(rows: size, columns: size)
        for index in 0..<size { identity[index, index] = 1 }
        #expect(relativeDistance(product.twin, identity) < 1e-5, "Qᵀ Q = 1")

        multiply(q.transposed, original, into: product)
        for row in 0..<size {
            #expect(product[row, row] > 0, "R has a positive diagonal")
            for column in 0..<row { #expect(abs(product[row, column]) < 1e-4, "R is upper triangular") }
        }
    }

    @Test func singularValuesOfKnownMatrices() throws {
        let triangular = Matrix(rows: 2, columns: 2)
        triangular.assign([3, 0, 4, 5])
        let expected = [45, 5].map(sqrt)
        #expect(relativeDistance(try triangular.singularValues().map(Double.init), expected) < 1e-6)
        #expect(triangular.toArray() == [3, 0, 4, 5])

        let wide = Matrix(rows: 2, columns: 4)
        wide.assign([0, 2, 0, 0, 0, 0, 0, -7])
        #expect(relativeDistance(try wide.singularValues().map(Double.init), [7, 2]) < 1e-6)

        let tall = Matrix(rows: 8, columns: 2)
        tall.columns(0..<2).rows(4..<6).assign([0, 2, -7, 0])
        #expect(relativeDistance(try tall.rows(3..<7).singularValues().map(Double.init), [7, 2]) < 1e-6)
    }

    @Test func anOrthogonalMatrixHasOnlyOnes() throws {
        let matrix = gaussian(17, seed: 4)
        try matrix.orthogonalise()
        #expect(relativeDistance(try matrix.singularValues().map(Double.init), Array(repeating: 1, count: 17)) < 1e-5)
    }
}
