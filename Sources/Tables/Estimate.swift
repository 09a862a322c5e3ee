/// The mean of a sample, and how sure of it one can be.
struct Estimate: Equatable, Sendable {
    /// Number of values.
    let n: Int
    let mean: Double
    /// Half the width of the 95 % confidence interval of the mean, by Student's t distribution with n − 1 degrees of freedom;
    /// nil for a single value, which says nothing of its spread.
    let margin: Double?
    /// The probability of a mean as far from zero, to either side, if the true one were zero (Student's t); nil for a single value.
    let pValue: Double?

    /// Nil when there are no values.
    init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        n = values.count
        let mean = values.reduce(0, +) / Double(n)
        self.mean = mean
        guard n > 1 else {
            (margin, pValue) = (nil, nil)
            return
        }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
        let standardError = (variance / Double(n)).squareRoot()
        let distribution = StudentDistribution(degreesOfFreedom: Double(n - 1))
        margin = distribution.twoSidedQuantile(0.05) * standardError
        // Values that are all zero are as far from zero as can be expected.
        pValue = mean == 0 ? 1 : distribution.twoSidedProbability(mean / standardError)
    }

    /// The lower and upper end of the confidence interval.
    var low: Double? { margin.map { mean - $0 } }
    var high: Double? { margin.map { mean + $0 } }

    /// Whether there is an interval and zero lies outside.
    var excludesZero: Bool { margin.map { abs(mean) > $0 } ?? false }
}
