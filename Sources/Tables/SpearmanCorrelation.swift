/// Spearman's rank correlation of two variables (Spearman, "The proof and measurement of association between two things",
/// American Journal of Psychology 15, 1904): Pearson's correlation of their ranks, equal values sharing the mean of their ranks.
struct SpearmanCorrelation: Equatable, Sendable {
    /// Number of pairs.
    let n: Int
    /// ρ, from −1 to 1.
    let coefficient: Double
    /// The probability of a ρ as far from zero if every order of the one variable were equally likely, to either side.
    let pValue: Double
    /// Whether ``pValue`` was counted over all orders, and not approximated by Student's t distribution with n − 2 degrees.
    let isExact: Bool

    /// Up to so many pairs all orders are counted.
    static let largestExactCount = 9

    /// Nil for fewer than three pairs, or when all values of a variable are equal.
    init?(_ pairs: [(Double, Double)]) {
        let first = Self.centredRanks(pairs.map(\.0))
        let second = Self.centredRanks(pairs.map(\.1))
        let squares = Self.product(first, first) * Self.product(second, second)
        guard pairs.count >= 3, squares > 0 else { return nil }
        n = pairs.count
        let product = Self.product(first, second)
        coefficient = Double(product) / Double(squares).squareRoot()
        isExact = n <= Self.largestExactCount
        if isExact {
            pValue = Self.exactPValue(first, second, product: product)
        } else {
            let degrees = Double(n - 2)
            let t = coefficient * (degrees / max(1 - coefficient * coefficient, .leastNormalMagnitude)).squareRoot()
            pValue = StudentDistribution(degreesOfFreedom: degrees).twoSidedProbability(t)
        }
    }

    /// Twice the rank of each value less the mean, so that they are whole numbers, ties or not.
    static func centredRanks(_ values: [Double]) -> [Int] {
        values.map { value in
            let (less, equal) = (values.count { $0 < value }, values.count { $0 == value })
            return 2 * less + equal - values.count
        }
    }

    private static func product(_ first: [Int], _ second: [Int]) -> Int { zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The part of all n! orders of `second` whose product with `first` is at least as far from zero.
    private static func exactPValue(_ first: [Int], _ second: [Int], product: Int) -> Double {
        var (all, extreme) = (0, 0)
        func place(_ position: Int, used: Int, sum: Int) {
            guard position < first.count else {
                all += 1
                if abs(sum) >= abs(product) { extreme += 1 }
                return
            }
            for index in second.indices where used & (1 << index) == 0 {
                place(position + 1, used: used | 1 << index, sum: sum + first[position] * second[index])
            }
        }
        place(0, used: 0, sum: 0)
        return Double(extreme) / Double(all)
    }
}
