import CKernels

/// The hidden-to-hidden product of a layer, which time step after time step meets the same weights.
///
/// A general matrix product packs its weights anew at each call, which at small batches costs more than the product.
/// Here they are packed once a window, and kernels made for the shape (libxsmm) do the steps. Where the program was
/// built without libxsmm, OpenBLAS multiplies the weights as they are.
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
    /// The packed weights of the direction that was used last.
    private let buffer: Buffer
    private var packed: Direction?

    private enum Direction {
        case forward
        case backward
    }

    /// - Parameter batchSize: B, the number of rows of every product.
    public init(outputs: Int, hiddenSize: Int, batchSize: Int, path: ProductPath = .preferred) {
        self.outputs = outputs
        self.hiddenSize = hiddenSize
        forwardPanels = path == .libxsmm ? Panels(outputs: outputs, depth: hiddenSize, batchSize: batchSize) : nil
        backwardPanels = path == .libxsmm ? Panels(outputs: hiddenSize, depth: outputs, batchSize: batchSize) : nil
        self.path = forwardPanels != nil && backwardPanels != nil ? .libxsmm : .openBLAS
        buffer = Buffer(count: max(forwardPanels?.size ?? 0, backwardPanels?.size ?? 0))
    }

    /// Takes the weights [O, H] of a window. They must not change until the last product with them.
    public func prepare(_ weights: Matrix) {
        precondition(weights.rows == outputs && weights.columns == hiddenSize && weights.isContiguous)
        self.weights = weights
        packed = nil
    }

    /// `result [B, O] (+)= states [B, H] · weightsᵀ`.
    public func forward(_ states: Matrix, into result: Matrix, accumulating: Bool) {
        guard let weights else { preconditionFailure("no weights were prepared") }
        StepProfile.measure(.recurrentForward) {
            guard path == .libxsmm, let forwardPanels else {
                return multiply(states, weights.transposed, into: result, beta: accumulating ? 1 : 0, path: .openBLAS)
            }
            pack(.forward, forwardPanels) { ck_pack_rows(outputs, hiddenSize, $0.lowerBound, $0.upperBound, weights.pointer, $1) }
            forwardPanels.multiply(states, by: buffer, into: result, accumulating: accumulating)
        }
    }

    /// `result [B, H] (+)= gradients [B, O] · weights`.
    public func backward(_ gradients: Matrix, into result: Matrix, accumulating: Bool) {
        guard let weights else { preconditionFailure("no weights were prepared") }
        StepProfile.measure(.recurrentBackward) {
            guard path == .libxsmm, let backwardPanels else {
                return multiply(gradients, weights, into: result, beta: accumulating ? 1 : 0, path: .openBLAS)
            }
            pack(.backward, backwardPanels) { ck_pack_columns(hiddenSize, outputs, $0.lowerBound, $0.upperBound, weights.pointer, $1) }
            backwardPanels.multiply(gradients, by: buffer, into: result, accumulating: accumulating)
        }
    }

    private func pack(_ direction: Direction, _ panels: Panels, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void) {
        guard packed != direction else { return }
        ThreadTeam.forEachPart(of: panels.outputs, granule: Int(CK_PANEL)) { body($0, buffer.pointer) }
        packed = direction
    }

    /// The kernels of one direction: for whole panels and the last one, overwriting and accumulating.
    private struct Panels {
        let outputs: Int
        let depth: Int
        let batchSize: Int
        /// Number of packed values.
        let size: Int
        private let overwrite: Kernels
        private let accumulate: Kernels

        private struct Kernels {
            let whole: ck_panel_kernel
            let last: ck_panel_kernel
        }

        /// Nil where libxsmm makes no kernel for the shape.
        init?(outputs: Int, depth: Int, batchSize: Int) {
            let width = Int(CK_PANEL)
            func kernels(accumulating: Bool) -> Kernels? {
                let flag: Int32 = accumulating ? 1 : 0
                let rest = outputs % width == 0 ? width : outputs % width
                guard let whole = ck_make_panel_kernel(width, batchSize, depth, depth, outputs, flag),
                    let last = ck_make_panel_kernel(rest, batchSize, depth, depth, outputs, flag)
                else { return nil }
                return Kernels(whole: whole, last: last)
            }
            guard let overwrite = kernels(accumulating: false), let accumulate = kernels(accumulating: true) else { return nil }
            (self.outputs, self.depth, self.batchSize) = (outputs, depth, batchSize)
            (self.overwrite, self.accumulate) = (overwrite, accumulate)
            size = (outputs + width - 1) / width * width * depth
        }

        func multiply(_ states: Matrix, by panels: Buffer, into result: Matrix, accumulating: Bool) {
            precondition(states.rows == batchSize && states.columns == depth && states.isContiguous)
            precondition(result.rows == batchSize && result.columns == outputs && result.isContiguous)
            let kernels = accumulating ? accumulate : overwrite
            ThreadTeam.forEachPart(of: outputs, granule: Int(CK_PANEL)) { part in
                ck_multiply_panels(
                    kernels.whole, kernels.last, depth, part.lowerBound, part.upperBound, panels.pointer, states.pointer,
                    result.pointer)
            }
        }
    }
}
