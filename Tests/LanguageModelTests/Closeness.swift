/// How far two vectors lie apart: the largest difference over the largest entry of the expected one.
///
/// Taken block by block it catches a wrong sign in any block however small the block's gradient is beside the others.
func relativeDistance<A: BinaryFloatingPoint, E: BinaryFloatingPoint>(_ actual: [A], _ expected: [E]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    var difference = 0.0
    var largest = 0.0
    for (a, e) in zip(actual, expected) {
        let distance = abs(Double(a) - Double(e))
        if !distance.isFinite { return .infinity }
        difference = max(difference, distance)
        largest = max(largest, abs(Double(e)))
    }
    return largest > 0 ? difference / largest : difference
}
