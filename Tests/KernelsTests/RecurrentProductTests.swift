import Kernels
import NaiveTwins
import Testing

/// The product on each path, against a plain loop, at sizes around the width of a panel (64).
@Suite struct RecurrentProductTests {
    static let shapes = [(3, 5, 2), (12, 3, 1), (70, 45, 31), (64, 16, 7), (65, 21, 3), (148, 37, 10), (300, 75, 20), (1700, 33, 3), (37, 1700, 2)]

    private static func matrix(_ rows: Int, _ columns: Int, _ name: String) -> Matrix {
        var stream = RandomStream(seed: 7, name: name)
        let matrix = Matrix(rows: rows, columns: columns)
        stream.fillUniform(matrix, bound: 1)
        return matrix
    }

    @Test(arguments: ProductPath.available.filter { $0.precision == .float32 }, shapes)
    func `both products agree with a plain loop`(path: ProductPath, shape: (Int, Int, Int)) { check(shape, path) }

    @Test(.enabled(if: ProductPath.available.contains(.amx), "the processor has no AMX"), arguments: shapes)
    func `tile registers agree with a plain loop over rounded factors`(shape: (Int, Int, Int)) { check(shape, .amx) }

    @Test(.enabled(if: ProductPath.available.contains(.avx512BF16), "the processor has no AVX512_BF16"), arguments: shapes)
    func `the dot instruction agrees with a plain loop over rounded factors`(shape: (Int, Int, Int)) { check(shape, .avx512BF16) }

    private func check(_ shape: (Int, Int, Int), _ path: ProductPath) {
        func factor(_ value: Float) -> Float { path.precision == .bfloat16 ? Float(NaiveBFloat16.rounded(Double(value))) : value }
        let (outputs, hiddenSize, batchSize) = shape
        let product = RecurrentProduct(outputs: outputs, hiddenSize: hiddenSize, batchSize: batchSize, path: path)
        let states = Self.matrix(batchSize, hiddenSize, "states")
        let gradients = Self.matrix(batchSize, outputs, "gradients")
        for window in 0..<2 {
            let weights = Self.matrix(outputs, hiddenSize, "weights \(window)")
            product.prepare(weights)
            for accumulating in [false, true] {
                let gates = Self.matrix(batchSize, outputs, "gates")
                let stateGradient = Self.matrix(batchSize, hiddenSize, "state gradient")
                let (gatesBefore, gradientBefore) = (gates.toArray(), stateGradient.toArray())
                product.forward(states, into: gates, accumulating: accumulating)
                product.backward(gradients, into: stateGradient, accumulating: accumulating)
                for b in 0..<batchSize {
                    for o in 0..<outputs {
                        let start = accumulating ? gatesBefore[b * outputs + o] : 0
                        let sum = (0..<hiddenSize).reduce(start) { $0 + factor(states[b, $1]) * factor(weights[o, $1]) }
                        #expect(abs(gates[b, o] - sum) < 1e-4)
                    }
                    for h in 0..<hiddenSize {
                        let start = accumulating ? gradientBefore[b * hiddenSize + h] : 0
                        let sum = (0..<outputs).reduce(start) { $0 + factor(gradients[b, $1]) * factor(weights[$1, h]) }
                        #expect(abs(stateGradient[b, h] - sum) < 1e-4)
                    }
                }
            }
        }
    }

    @Test(arguments: ProductPath.available) func `a rehearsal leaves both results as they are`(path: ProductPath) {
        let product = RecurrentProduct(outputs: 70, hiddenSize: 45, batchSize: 31, path: path)
        let (gates, states) = (Self.matrix(31, 70, "gates"), Self.matrix(31, 45, "states"))
        let before = (gates.toArray(), states.toArray())
        product.prepare(Self.matrix(70, 45, "weights"))
        Rehearsal.of {
            product.forward(states, into: gates, accumulating: false)
            product.backward(gates, into: states, accumulating: true)
        }
        #expect((gates.toArray(), states.toArray()) == before)
        product.forward(states, into: gates, accumulating: false)
        #expect(gates.toArray() != before.0)
    }

    /// In turns, forward and back, as the layers of a model do, and with new weights at the end.
    @Test func `products that share their memory do as those that do not`() {
        let shapes = [(outputs: 148, hiddenSize: 37), (outputs: 65, hiddenSize: 90), (outputs: 12, hiddenSize: 3)]
        func run(_ packed: PackedWeights?) -> [[Float]] {
            let products = shapes.map {
                RecurrentProduct(outputs: $0.outputs, hiddenSize: $0.hiddenSize, batchSize: 5, packed: packed ?? PackedWeights())
            }
            var results: [[Float]] = []
            for window in 0..<2 {
                for (product, shape) in zip(products, shapes) { product.prepare(Self.matrix(shape.outputs, shape.hiddenSize, "\(window)")) }
                for isForward in [true, true, false, true] {
                    for (product, shape) in zip(products, shapes) {
                        let (states, gates) = (Self.matrix(5, shape.hiddenSize, "states"), Self.matrix(5, shape.outputs, "gates"))
                        if isForward {
                            product.forward(states, into: gates, accumulating: false)
                        } else {
                            product.backward(gates, into: states, accumulating: false)
                        }
                        results.append((isForward ? gates : states).toArray())
                    }
                }
            }
            return results
        }
        #expect(run(PackedWeights()) == run(nil))
    }

    @Test func `without libxsmm the product still has a path`() {
        let product = RecurrentProduct(outputs: 8, hiddenSize: 2, batchSize: 3, path: .openBLAS)
        #expect(product.path == .openBLAS)
    }

    @Test(.enabled(if: Precision.bfloat16.missing == nil, "the processor has no AVX512_BF16"))
    func `weights in bfloat16 take half the memory`() {
        func count(_ path: ProductPath) -> Int { RecurrentProduct.packedCount(outputs: 4600, hiddenSize: 1152, batchSize: 20, path: path) }
        #expect(count(.preferred(for: .bfloat16)) <= 4608 * 1152 / 2)
    }
}
