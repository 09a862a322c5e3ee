import Configurations

extension RemovalTable {
    /// How the removals of a part agree with the paper's, which were measured with the LSTM.
    struct Agreement: Equatable, Sendable {
        /// Number of removals of the paper, and of those that have a difference here.
        let published: Int
        let removals: Int
        /// Those that hurt: the mean validation perplexity is higher without the technique.
        let hurting: Int
        /// Those that hurt and whose 95 % interval excludes zero.
        let hurtingSignificantly: Int
        /// Whether there are intervals, that is, more than one seed, for any of them.
        let hasIntervals: Bool
        /// Of the validation differences here and in the paper; nil for a dataset that the paper has not.
        let correlation: SpearmanCorrelation?

        /// Nil when no removal of the paper has a difference.
        init?(_ lines: [Line], published: PublishedTable) {
            let compared = lines.filter { $0.row != .full && published.contains($0.row) }
            let differences = compared.compactMap(\.difference.validation)
            guard !differences.isEmpty else { return nil }
            self.published = Ablation.allCases.count { published.contains(Row([$0])) }
            removals = differences.count
            hurting = differences.count { $0.mean > 0 }
            hurtingSignificantly = differences.count { $0.mean > 0 && $0.excludesZero }
            hasIntervals = differences.contains { $0.margin != nil }
            correlation = SpearmanCorrelation(
                compared.compactMap { line in
                    line.difference.validation.flatMap { here in line.publishedDifference.map { (here.mean, $0) } }
                })
        }
    }
}
