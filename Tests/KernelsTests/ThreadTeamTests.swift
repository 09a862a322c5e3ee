import Kernels
import Testing

#if compiler(>=6.2)
    /// The number of threads is the whole process's, so the loops run in processes of their own.
    @Suite struct ThreadTeamTests {
        @Test func sharedLoopsGiveWhatOneThreadGives() async {
            await #expect(processExitsWith: .success) {
                func matrix(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
                    var stream = RandomStream(seed: 3, name: name)
                    let matrix = Matrix(rows: rows, columns: columns)
                    stream.fillUniform(matrix, bound: 1)
                    return matrix
                }
                /// Everything that is shared, at sizes that do not divide.
                func results() -> [[Float]] {
                    let (a, b) = (matrix(131, 101, "a"), matrix(101, 157, "b"))
                    let tall = Matrix(rows: 131, columns: 157)
                    multiply(a, b, into: tall)
                    let wide = Matrix(rows: 157, columns: 131)
                    multiply(b.transposed, a.transposed, into: wide)
                    let product = RecurrentProduct(outputs: 300, hiddenSize: 75, batchSize: 5)
                    let gates = matrix(5, 300, "gates")
                    product.prepare(matrix(300, 75, "weights"))
                    product.forward(matrix(5, 75, "states"), into: gates, accumulating: true)
                    let before = matrix(5, 75, "before")
                    product.backward(gates, into: before, accumulating: true)
                    let (cell, output) = (Matrix(rows: 5, columns: 75), Matrix(rows: 5, columns: 75))
                    let bias = matrix(1, 300, "bias")
                    LSTMKernel.forward(
                        gates: gates, inputBias: bias, hiddenBias: bias, cellBefore: before, cell: cell, output: output)
                    let mask = Matrix(rows: 131, columns: 157)
                    var stream = RandomStream(seed: 3, name: "mask")
                    stream.fillBernoulli(mask, dropped: 0.3)
                    let sums = Matrix(rows: 1, columns: 157)
                    sums.addColumnSums(of: tall)
                    tall.multiply(by: mask)
                    tall.descend(along: mask, rate: 0.1, clip: 0.5, decay: 0.01)
                    return [tall, wide, gates, before, cell, output, mask, sums].map { $0.toArray() }
                }
                BLASLibrary.threads = 1
                let alone = results()
                for threads in [2, 3, 5] {
                    BLASLibrary.threads = threads
                    let shared = results()
                    precondition(zip(alone, shared).allSatisfy { first, second in
                        zip(first, second).allSatisfy { abs($0 - $1) < 1e-4 }
                    })
                    for _ in 0..<20 { precondition(results() == shared, "the same parts give the same bits") }
                }
            }
        }

        /// In float32 small products go another way, and the granules of large ones matter; in bfloat16 nothing but the sum's own order does.
        @Test(.enabled(if: Precision.bfloat16.missing == nil, "the processor has no AVX512_BF16"))
        func `sums of bfloat16 factors are the same on any number of threads`() async {
            await #expect(processExitsWith: .success) {
                func matrix(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
                    var stream = RandomStream(seed: 3, name: name)
                    let matrix = Matrix(rows: rows, columns: columns)
                    stream.fillUniform(matrix, bound: 1)
                    return matrix
                }
                func results(_ path: ProductPath) -> [[Float]] {
                    let (a, b) = (matrix(131, 101, "a"), matrix(101, 157, "b"))
                    let (tall, wide) = (Matrix(rows: 131, columns: 157), Matrix(rows: 157, columns: 131))
                    multiply(a, b, into: tall, path: path)
                    multiply(b.transposed, a.transposed, into: wide, path: path)
                    let product = RecurrentProduct(outputs: 300, hiddenSize: 75, batchSize: 20, path: path)
                    let (gates, before) = (matrix(20, 300, "gates"), matrix(20, 75, "before"))
                    product.prepare(matrix(300, 75, "weights"))
                    product.forward(matrix(20, 75, "states"), into: gates, accumulating: true)
                    product.backward(gates, into: before, accumulating: true)
                    return [tall, wide, gates, before].map { $0.toArray() }
                }
                for path in ProductPath.available where path.precision == .bfloat16 {
                    BLASLibrary.threads = 1
                    let alone = results(path)
                    for threads in [2, 3, 5] {
                        BLASLibrary.threads = threads
                        for _ in 0..<20 { precondition(results(path) == alone) }
                    }
                }
            }
        }

        @Test func aSumDoesNotDependOnWhichThreadEndsFirst() async {
            await #expect(processExitsWith: .success) {
                var stream = RandomStream(seed: 3, name: "values")
                let values = Matrix(rows: 1, columns: 100_003)
                stream.fillUniform(values, bound: 1)
                let exact = values.toArray().reduce(0.0) { $0 + Double($1) * Double($1) }
                BLASLibrary.threads = 4
                let sum = values.sumOfSquares
                precondition(abs(sum / exact - 1) < 1e-6)
                for _ in 0..<200 { precondition(values.sumOfSquares == sum) }
            }
        }
    }
#else
    @Suite struct ThreadTeamTests {
        @Test(.disabled("needs Swift 6.2, whose tests can run in a process of their own")) func sharedLoopsGiveWhatOneThreadGives() {}
    }
#endif
