import Kernels
import NaiveTwins

extension Matrix {
    /// A matrix with a twin's values.
    init(_ twin: NaiveMatrix) {
        self.init(rows: twin.rows, columns: twin.columns)
        assign(twin.values.map(Float.init))
    }

    /// A view with gaps between its rows that shows a twin's values; the gaps are not numbers.
    init(strided twin: NaiveMatrix, gap: Int) {
        let whole = Matrix(rows: twin.rows + 2, columns: twin.columns + gap + 1)
        whole.fill(.nan)
        self = whole.rows(1..<twin.rows + 1).columns(1..<twin.columns + 1)
        assign(twin.values.map(Float.init))
    }

    var twin: NaiveMatrix { NaiveMatrix(rows: rows, columns: columns, values: toArray().map(Double.init)) }
}

/// The largest difference over the largest expected value; infinite where a value is not a number.
func relativeDistance(_ actual: NaiveMatrix, _ expected: NaiveMatrix) -> Double {
    guard actual.rows == expected.rows, actual.columns == expected.columns else { return .infinity }
    return relativeDistance(actual.values, expected.values)
}

func relativeDistance(_ actual: [Double], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    var difference = 0.0
    var largest = 0.0
    for (a, e) in zip(actual, expected) {
        guard (a - e).isFinite else { return .infinity }
        difference = max(difference, abs(a - e))
        largest = max(largest, abs(e))
    }
    return largest > 0 ? difference / largest : difference
}
