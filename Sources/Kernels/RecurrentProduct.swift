/// The hidden-to-hidden product of a layer, which time step after time step meets the same weights.
///
/// A general matrix product packs its weights anew at each call, which at small batches costs more than the product.
/// Here they are packed once a window, in bfloat16 rounded once a window, and kernels made for the shape (libxsmm), or for tiles of it, do the
/// steps. In float32, where the program was built without libxsmm, OpenBLAS multiplies the weights as they are.
public final class RecurrentProduct {
    /// O, the number of gates' values.
    public let outputs: Int
    /// H.
    public let hiddenSize: Int
    /// How this product is done: as asked for, or by OpenBLAS where libxsmm cannot make the kernels.
    public let path: ProductPath
    private var weights: Matrix?
    /// Nil where OpenBLAS takes the weights as they are.
    private let products: (forward: any PackedProduct, backward: any PackedProduct)?
    private let packed: PackedWeights

    /// - Parameters:
    ///   - batchSize: B, the number of rows of every product.
    ///   - packed: may be shared by products of one thread.
    public init(
        outputs: Int, hiddenSize: Int, batchSize: Int, path: ProductPath = .preferred, packed: PackedWeights = PackedWeights()
    ) {
        self.outputs = outputs
        self.hiddenSize = hiddenSize
        products = Self.products(outputs: outputs, hiddenSize: hiddenSize, batchSize: batchSize, path: path)
        self.path = products != nil ? path : .openBLAS
        self.packed = packed
        packed.reserve(Self.packedCount(products))
    }

    /// Number of floats in whose place a product of these sizes packs its weights; 0 where OpenBLAS takes the weights as they are.
    public static func packedCount(outputs: Int, hiddenSize: Int, batchSize: Int, path: ProductPath = .preferred) -> Int {
        packedCount(products(outputs: outputs, hiddenSize: hiddenSize, batchSize: batchSize, path: path))
    }

    private static func packedCount(_ products: (forward: any PackedProduct, backward: any PackedProduct)?) -> Int {
        max(products?.forward.packedCount ?? 0, products?.backward.packedCount ?? 0)
    }

    private static func products(
        outputs: Int, hiddenSize: Int, batchSize: Int, path: ProductPath
    ) -> (forward: any PackedProduct, backward: any PackedProduct)? {
        switch path {
        case .openBLAS: return nil
        case .libxsmm:
            guard let forward = PanelProduct(.forward, batchSize: batchSize, outputs: outputs, depth: hiddenSize),
                let backward = PanelProduct(.backward, batchSize: batchSize, outputs: hiddenSize, depth: outputs)
            else { return nil }
            return (forward, backward)
        case .amx, .avx512BF16:
            return (
                TileProduct(direction: .forward, path: path, batchSize: batchSize, outputs: outputs, depth: hiddenSize),
                TileProduct(direction: .backward, path: path, batchSize: batchSize, outputs: hiddenSize, depth: outputs)
            )
        }
    }

    /// Takes the weights [O, H] of a window. They must not change until the last product with them.
    public func prepare(_ weights: Matrix) {
        precondition(weights.rows == outputs && weights.columns == hiddenSize && weights.isContiguous)
        self.weights = weights
        packed.release(self)
    }

    /// `result [B, O] (+)= states [B, H] · weightsᵀ`.
    public func forward(_ states: Matrix, into result: Matrix, accumulating: Bool) {
        guard let weights else { preconditionFailure("no weights were prepared") }
        // Its kernels were made with the product.
        guard !Rehearsal.isOn else { return }
        StepProfile.measure(.recurrentForward) {
            guard let product = products?.forward else {
                return multiply(states, weights.transposed, into: result, beta: accumulating ? 1 : 0, path: .openBLAS)
            }
            packed.hold(self, .forward) { product.pack(weights, into: $0) }
            product.multiply(states, by: packed.buffer, into: result, accumulating: accumulating)
        }
    }

    /// `result [B, H] (+)= gradients [B, O] · weights`.
    public func backward(_ gradients: Matrix, into result: Matrix, accumulating: Bool) {
        guard let weights else { preconditionFailure("no weights were prepared") }
        // Its kernels were made with the product.
        guard !Rehearsal.isOn else { return }
        StepProfile.measure(.recurrentBackward) {
            guard let product = products?.backward else {
                return multiply(gradients, weights, into: result, beta: accumulating ? 1 : 0, path: .openBLAS)
            }
            packed.hold(self, .backward) { product.pack(weights, into: $0) }
            product.multiply(gradients, by: packed.buffer, into: result, accumulating: accumulating)
        }
    }
}
