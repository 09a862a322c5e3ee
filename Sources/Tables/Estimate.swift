/// The mean of a sample, and how sure of it one can be.
struct Estimate: Equatable, Sendable {
    /// Number of values.
    let n: Int
    let mean: Double
    /// Half the width of the 95 % confidence interval of the mean, by Student's t distribution with n − 1 degrees of freedom;
    /// nil for a single value, which says nothing of its spread.
    let margin: Double?

    /// Nil when there are no values.
    init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        n = values.count
        let mean = values.reduce(0, +) / Double(n)
        self.mean = mean
        guard n > 1 else {
            margin = nil
            return
        }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
        margin = StudentDistribution(degreesOfFreedom: Double(n - 1)).twoSidedQuantile(0.05) * (variance / Double(n)).squareRoot()
    }

    /// The lower and upper end of the confidence interval.
    var low: Double? { margin.map { mean - $0 } }
    var high: Double? { margin.map { mean + $0 } }

    /// Whether there is an interval and zero lies outside.
    var excludesZero: Bool { margin.map { abs(mean) > $0 } ?? false }
}
