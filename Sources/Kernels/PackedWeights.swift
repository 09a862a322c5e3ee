/// The memory for the packed weights of a ``RecurrentProduct``, one way at a time. Products that take turns share it.
public final class PackedWeights {
    /// What a product does with its weights; each way has a packing of its own.
    enum Direction {
        case forward
        case backward
    }

    private(set) var buffer = Buffer(count: 0)
    private var holder: (product: ObjectIdentifier, direction: Direction)?

    public init() {}

    /// Makes room for `count` values.
    func reserve(_ count: Int) {
        guard count > buffer.count else { return }
        buffer = Buffer(count: count)
        holder = nil
    }

    /// Calls `pack`, unless the buffer holds what it packed for this product and direction last.
    func hold(_ product: RecurrentProduct, _ direction: Direction, pack: (Buffer) -> Void) {
        guard holder?.product != ObjectIdentifier(product) || holder?.direction != direction else { return }
        pack(buffer)
        holder = (ObjectIdentifier(product), direction)
    }

    /// Lets the product pack anew, whose weights are others now.
    func release(_ product: RecurrentProduct) {
        if holder?.product == ObjectIdentifier(product) { holder = nil }
    }
}
