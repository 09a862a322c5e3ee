import CKernels

/// One direction of a ``RecurrentProduct``: how its weights are packed, and the product with them.
protocol PackedProduct {
    /// Number of floats in whose place the packed weights fit.
    var packedCount: Int { get }

    /// Packs the weights [O, H] to the beginning of the buffer.
    func pack(_ weights: Matrix, into packed: Buffer)

    /// `result (+)= factor · weights`, the weights transposed in forward direction.
    func multiply(_ factor: Matrix, by packed: Buffer, into result: Matrix, accumulating: Bool)
}

/// In float32, by libxsmm's kernels.
struct PanelProduct: PackedProduct {
    private let shape: ck_panels
    private let direction: PackedWeights.Direction

    var packedCount: Int { ck_packed_count(shape) }

    /// Nil where libxsmm makes no kernels for the shape.
    init?(_ direction: PackedWeights.Direction, batchSize: Int, outputs: Int, depth: Int) {
        var shape = ck_panels()
        guard ck_make_panels(&shape, batchSize, outputs, depth) != 0 else { return nil }
        self.shape = shape
        self.direction = direction
    }

    func pack(_ weights: Matrix, into packed: Buffer) {
        forEachPart { part in
            switch direction {
            case .forward: ck_pack_rows(shape, part.lowerBound, part.upperBound, weights.pointer, packed.pointer)
            case .backward: ck_pack_columns(shape, part.lowerBound, part.upperBound, weights.pointer, packed.pointer)
            }
        }
    }

    func multiply(_ factor: Matrix, by packed: Buffer, into result: Matrix, accumulating: Bool) {
        precondition(factor.rows == shape.rows && factor.columns == shape.depth && factor.isContiguous)
        precondition(result.rows == shape.rows && result.columns == shape.outputs && result.isContiguous)
        forEachPart { part in
            ck_multiply_panels(
                shape, part.lowerBound, part.upperBound, packed.pointer, factor.pointer, result.pointer, accumulating ? 1 : 0)
        }
    }

    private func forEachPart(_ body: (Range<Int>) -> Void) {
        ThreadTeam.forEachPart(of: shape.outputs, granule: Int(CK_PANEL), body)
    }
}

/// In bfloat16, in half the memory.
struct TileProduct: PackedProduct {
    let direction: PackedWeights.Direction
    let path: ProductPath
    let batchSize: Int
    let outputs: Int
    let depth: Int

    var packedCount: Int { ck_tile_values(outputs, depth) * MemoryLayout<UInt16>.size / MemoryLayout<Float>.size }

    func pack(_ weights: Matrix, into packed: Buffer) {
        let factor = ck_factor(values: weights.pointer, stride: weights.stride, transposed: direction == .forward ? 1 : 0)
        forEachPart { ck_pack_tiles(factor, $0.lowerBound, $0.upperBound, depth, packed.pointer) }
    }

    func multiply(_ factor: Matrix, by packed: Buffer, into result: Matrix, accumulating: Bool) {
        precondition(factor.rows == batchSize && factor.columns == depth && factor.isContiguous)
        precondition(result.rows == batchSize && result.columns == outputs && result.isContiguous)
        forEachPart { part in
            let isDone = ck_multiply_tiles(
                path.kernel, batchSize, part.lowerBound, part.upperBound, depth, factor.pointer, packed.pointer, result.pointer,
                result.stride, accumulating ? 1 : 0)
            if isDone == 0 { Buffer.endForWantOfMemory(bytes: path.scratchBytes(rows: batchSize, depth: depth)) }
        }
    }

    private func forEachPart(_ body: (Range<Int>) -> Void) { ThreadTeam.forEachPart(of: outputs, granule: Int(CK_TILE_GRANULE), body) }
}
