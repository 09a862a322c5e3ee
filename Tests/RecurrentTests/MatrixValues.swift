import Kernels
import NaiveTwins

extension Matrix {
    /// A matrix with a twin's values.
    init(_ twin: NaiveMatrix) {
        self.init(rows: twin.rows, columns: twin.columns)
        assign(twin.values.map(Float.init))
    }
}

/// The largest difference over the largest expected value; infinite where a value is not a number.
func relativeDistance(_ actual: [Float], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    var difference = 0.0
    var largest = 0.0
    for (a, e) in zip(actual, expected) {
        guard a.isFinite else { return .infinity }
        difference = max(difference, abs(Double(a) - e))
        largest = max(largest, abs(e))
    }
    return largest > 0 ? difference / largest : difference
}

func relativeDistance(_ actual: Matrix, _ expected: NaiveMatrix) -> Double {
    relativeDistance(actual.toArray(), expected.values)
}
