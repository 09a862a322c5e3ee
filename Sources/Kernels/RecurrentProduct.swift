import CKernels

/// The hidden-to-hidden product of a layer, which time step after time step meets the same weights.
///
/// A general matrix product packs its weights anew at each call, which at small batches costs more than the product.
/// Here they are packed once a window, and kernels made for the shape (libxsmm) do the steps, bringing into the cache what
/// comes next. Where the program was built without libxsmm, OpenBLAS multiplies the weights as they are.
public final class RecurrentProduct {
    /// O, the number of gates' values.
    public let outputs: Int
    /// H.
    public let hiddenSize: Int
    /// How this product is done: as asked for, or by OpenBLAS where libxsmm cannot make the kernels.
    public let path: ProductPath
    private var weights: Matrix?
    private let forwardPanels: Panels?
    private let backwardPanels: Panels?
    private let packed: PackedWeights

    /// - Parameters:
    ///   - batchSize: B, the number of rows of every product.
    ///   - packed: may be shared by products of one thread.
    public init(
        outputs: Int, hiddenSize: Int, batchSize: Int, path: ProductPath = .preferred, packed: PackedWeights = PackedWeights()
    ) {
        self.outputs = outputs
        self.hiddenSize = hiddenSize
        forwardPanels = path == .libxsmm ? Panels(batchSize: batchSize, outputs: outputs, depth: hiddenSize) : nil
        backwardPanels = path == .libxsmm ? Panels(batchSize: batchSize, outputs: hiddenSize, depth: outputs) : nil
        self.path = forwardPanels != nil && backwardPanels != nil ? .libxsmm : .openBLAS
        self.packed = packed
        packed.reserve(Self.packedCount(forwardPanels, backwardPanels))
    }

    /// Number of packed values that a product of these sizes reserves; 0 where OpenBLAS takes the weights as they are.
    public static func packedCount(outputs: Int, hiddenSize: Int, batchSize: Int, path: ProductPath = .preferred) -> Int {
        guard path == .libxsmm else { return 0 }
        return packedCount(
            Panels(batchSize: batchSize, outputs: outputs, depth: hiddenSize), Panels(batchSize: batchSize, outputs: hiddenSize, depth: outputs))
    }

    private static func packedCount(_ forward: Panels?, _ backward: Panels?) -> Int {
        max(forward?.packedCount ?? 0, backward?.packedCount ?? 0)
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
        StepProfile.measure(.recurrentForward) {
            guard path == .libxsmm, let forwardPanels else {
                return multiply(states, weights.transposed, into: result, beta: accumulating ? 1 : 0, path: .openBLAS)
            }
            pack(.forward, forwardPanels) { ck_pack_rows(forwardPanels.shape, $0.lowerBound, $0.upperBound, weights.pointer, $1) }
            forwardPanels.multiply(states, by: packed.buffer, into: result, accumulating: accumulating)
        }
    }

    /// `result [B, H] (+)= gradients [B, O] · weights`.
    public func backward(_ gradients: Matrix, into result: Matrix, accumulating: Bool) {
        guard let weights else { preconditionFailure("no weights were prepared") }
        StepProfile.measure(.recurrentBackward) {
            guard path == .libxsmm, let backwardPanels else {
                return multiply(gradients, weights, into: result, beta: accumulating ? 1 : 0, path: .openBLAS)
            }
            pack(.backward, backwardPanels) { ck_pack_columns(backwardPanels.shape, $0.lowerBound, $0.upperBound, weights.pointer, $1) }
            backwardPanels.multiply(gradients, by: packed.buffer, into: result, accumulating: accumulating)
        }
    }

    private func pack(
        _ direction: PackedWeights.Direction, _ panels: Panels, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) {
        packed.hold(self, direction) { buffer in panels.forEachPart { body($0, buffer.pointer) } }
    }

    /// The kernels of one direction, and how its weights are packed.
    private struct Panels {
        let shape: ck_panels
        /// Number of packed values.
        var packedCount: Int { ck_packed_count(shape) }

        /// Nil where libxsmm makes no kernels for the shape.
        init?(batchSize: Int, outputs: Int, depth: Int) {
            var shape = ck_panels()
            guard ck_make_panels(&shape, batchSize, outputs, depth) != 0 else { return nil }
            self.shape = shape
        }

        func forEachPart(_ body: (Range<Int>) -> Void) {
            ThreadTeam.forEachPart(of: shape.outputs, granule: Int(CK_PANEL), body)
        }

        func multiply(_ factor: Matrix, by packed: Buffer, into result: Matrix, accumulating: Bool) {
            precondition(factor.rows == shape.rows && factor.columns == shape.depth && factor.isContiguous)
            precondition(result.rows == shape.rows && result.columns == shape.outputs && result.isContiguous)
            forEachPart { part in
                ck_multiply_panels(
                    shape, part.lowerBound, part.upperBound, packed.pointer, factor.pointer, result.pointer, accumulating ? 1 : 0)
            }
        }
    }
}
