/// A dense row-major matrix of doubles, plain enough to be read at a glance.
///
/// A sequence [T, B, ·] is a matrix of T·B rows, row = t·B + b.
public struct NaiveMatrix: Equatable, Sendable {
    public let rows: Int
    public let columns: Int
    public var values: [Double]

    /// Zeros.
    public init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
    }

    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(values.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    public subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    public func row(_ row: Int) -> [Double] {
        Array(values[row * columns..<(row + 1) * columns])
    }

    public mutating func setRow(_ row: Int, to vector: [Double]) {
        for column in 0..<columns { self[row, column] = vector[column] }
    }

    public mutating func addToRow(_ row: Int, _ vector: [Double]) {
        for column in 0..<columns { self[row, column] += vector[column] }
    }

    /// W x.
    public func times(_ vector: [Double]) -> [Double] {
        (0..<rows).map { row in
            var sum = 0.0
            for column in 0..<columns { sum += self[row, column] * vector[column] }
            return sum
        }
    }

    /// Wᵀ y.
    public func transposedTimes(_ vector: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns { result[column] += self[row, column] * vector[row] }
        }
        return result
    }

    /// Adds the outer product y xᵀ.
    public mutating func addOuter(_ y: [Double], _ x: [Double]) {
        for row in 0..<rows {
            for column in 0..<columns { self[row, column] += y[row] * x[column] }
        }
    }

    /// The entrywise product; nil stands for all ones.
    public func masked(by mask: NaiveMatrix?) -> NaiveMatrix {
        guard let mask else { return self }
        precondition(mask.rows == rows && mask.columns == columns)
        return NaiveMatrix(rows: rows, columns: columns, values: zip(values, mask.values).map { $0 * $1 })
    }
}
