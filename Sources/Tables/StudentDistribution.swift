import Foundation

/// Student's t distribution (Student, "The probable error of a mean", Biometrika 6, 1908).
struct StudentDistribution: Equatable, Sendable {
    /// ν, greater than 0.
    let degreesOfFreedom: Double

    init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

    /// P(|T| ≥ |t|) = I(ν / (ν + t²); ν/2, 1/2) (Abramowitz and Stegun, 26.5.27).
    func twoSidedProbability(_ t: Double) -> Double {
        regularisedIncompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), a: degreesOfFreedom / 2, b: 0.5)
    }

    /// The t ≥ 0 with P(|T| ≥ t) = `probability`, by halving an interval that holds it.
    ///
    /// - Parameter probability: greater than 0 and at most 1; 0.05 gives the factor of a 95 % confidence interval.
    func twoSidedQuantile(_ probability: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while twoSidedProbability(high) > probability, high < 1e300 { (low, high) = (high, 2 * high) }
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if twoSidedProbability(middle) > probability { low = middle } else { high = middle }
        }
    }
}

/// I(x; a, b), by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22), evaluated from the front
/// as in Press et al., "Numerical Recipes", 3rd edition, 6.4.
///
/// - Parameters:
///   - x: from 0 to 1.
///   - a: greater than 0; b likewise.
func regularisedIncompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast below the mean; above it the symmetry leads there.
    if x > (a + 1) / (a + b + 2) { return 1 - regularisedIncompleteBeta(1 - x, a: b, b: a) }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    func notZero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var (c, d) = (1.0, 1 / notZero(1 - (a + b) * x / (a + 1)))
    var fraction = d
    for m in 1...10_000 {
        let m = Double(m)
        let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        var factor = 1.0
        for coefficient in [even, odd] {
            d = 1 / notZero(1 + coefficient * d)
            c = notZero(1 + coefficient / c)
            factor = c * d
            fraction *= factor
        }
        if abs(factor - 1) < 1e-15 { break }
    }
    return front * fraction
}
