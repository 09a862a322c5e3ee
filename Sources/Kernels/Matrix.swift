import Foundation

/// A row-major view of a part of a ``Buffer``: `rows` × `columns`, rows `stride` floats apart.
///
/// Copies of a matrix share their storage. Sequence buffers `[T, B, W]` are matrices of T·B rows: time step t holds
/// rows t·B ..< (t+1)·B.
public struct Matrix {
    public let buffer: Buffer
    /// Position of the first value in the buffer.
    public let offset: Int
    public let rows: Int
    public let columns: Int
    /// Distance between the starts of two rows, in floats.
    public let stride: Int

    /// Allocates a matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.init(buffer: Buffer(count: rows * columns), offset: 0, rows: rows, columns: columns, stride: columns)
    }

    /// A view of `buffer`.
    public init(buffer: Buffer, offset: Int, rows: Int, columns: Int, stride: Int) {
        precondition(rows >= 0 && columns >= 0 && stride >= columns && offset >= 0)
        precondition(rows == 0 || offset + (rows - 1) * stride + columns <= buffer.count, "the view leaves its buffer")
        self.buffer = buffer
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// Number of values in view.
    public var count: Int { rows * columns }
    /// Whether the values lie side by side without gaps.
    public var isContiguous: Bool { stride == columns || rows <= 1 }
    var pointer: UnsafeMutablePointer<Float> { buffer.pointer + offset }

    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            return pointer[row * stride + column]
        }
        nonmutating set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns)
            pointer[row * stride + column] = newValue
        }
    }

    /// The rows in `range`, sharing this matrix's storage.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return Matrix(
            buffer: buffer, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns,
            stride: stride)
    }

    /// The columns in `range`, sharing this matrix's storage.
    public func columns(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return Matrix(
            buffer: buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }

    /// The values, row by row.
    public func toArray() -> [Float] {
        (0..<rows).flatMap { row in UnsafeBufferPointer(start: pointer + row * stride, count: columns) }
    }

    /// Replaces the values, row by row; `values` must have as many.
    public func assign(_ values: [Float]) {
        precondition(values.count == count, "\(values.count) values for a matrix of \(rows) × \(columns)")
        values.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            for row in 0..<rows { (pointer + row * stride).update(from: base + row * columns, count: columns) }
        }
    }

    /// Copies the values of a matrix of the same shape.
    public func assign(_ other: Matrix) {
        precondition(other.rows == rows && other.columns == columns)
        if isContiguous && other.isContiguous {
            pointer.update(from: other.pointer, count: count)
        } else {
            for row in 0..<rows { (pointer + row * stride).update(from: other.pointer + row * other.stride, count: columns) }
        }
    }

    /// Exchanges the values with those of a matrix of the same shape; both must be contiguous.
    public func exchange(with other: Matrix) {
        precondition(other.rows == rows && other.columns == columns && isContiguous && other.isContiguous)
        for index in 0..<count { swap(&pointer[index], &other.pointer[index]) }
    }

    /// Hands the values to `body` as bytes, row by row, without copying them. They must not leave it.
    public func withData<Result>(_ body: (Data) throws -> Result) rethrows -> Result {
        precondition(isContiguous)
        return try body(Data(bytesNoCopy: pointer, count: count * MemoryLayout<Float>.size, deallocator: .none))
    }

    /// Replaces the values by those of little-endian bytes, row by row; there must be four bytes a value.
    public func assign(_ data: Data) {
        precondition(isContiguous && data.count == count * MemoryLayout<Float>.size)
        data.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { UnsafeMutableRawPointer(pointer).copyMemory(from: base, byteCount: data.count) }
        }
    }

    /// Whether no value is infinite or no number.
    public var isFinite: Bool {
        (0..<rows).allSatisfy { row in
            UnsafeBufferPointer(start: pointer + row * stride, count: columns).allSatisfy(\.isFinite)
        }
    }

    /// Sets every value.
    public func fill(_ value: Float) {
        if isContiguous {
            ThreadTeam.forEachPart(of: count, granule: 4096) { (pointer + $0.lowerBound).update(repeating: value, count: $0.count) }
            return
        }
        for row in 0..<rows { (pointer + row * stride).update(repeating: value, count: columns) }
    }
}
