/// The memory for the sequences of a pass, a buffer each. Passes that take turns share it, where one needs no more than another: what a pass
/// leaves there is gone with the next.
public final class SequenceMemory {
    private var buffers: [Buffer] = []
    private var next = 0

    public init() {}

    /// Begins again with the first buffer, for another pass, which asks for its sequences in the same order.
    public func rewind() { next = 0 }

    /// The next sequence; its first values may be anything.
    public func matrix(rows: Int, columns: Int) -> Matrix {
        let count = rows * columns
        if next == buffers.count { buffers.append(Buffer(count: count)) }
        if buffers[next].count < count { buffers[next] = Buffer(count: count) }
        defer { next += 1 }
        return Matrix(buffer: buffers[next], offset: 0, rows: rows, columns: columns, stride: columns)
    }
}
