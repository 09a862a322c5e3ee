/// The p-values of several tests made fit to be judged together: the probability that any true hypothesis among them is rejected stays
/// below the level (Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
enum HolmCorrection {
    /// Each p-value times the number of those that are not smaller, at most 1, and never below that of a smaller one.
    static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
            largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
