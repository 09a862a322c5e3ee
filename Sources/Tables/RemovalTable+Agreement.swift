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
        /// Of the validation differences here and in the paper; nil for too few of them.
        let correlation: SpearmanCorrelation?

        /// Nil when a removal of the paper is missing, or none has a difference.
        init?(_ lines: [Line], dataset: String, published: PublishedTable) {
            let removals = published.removals(dataset: dataset)
            let compared = lines.filter { removals.contains($0.row) }
            let differences = compared.compactMap(\.difference.validation)
            guard compared.count == removals.count, !differences.isEmpty else { return nil }
            self.published = removals.count
            self.removals = differences.count
            hurting = differences.count { $0.mean > 0 }
            hurtingSignificantly = differences.count { $0.mean > 0 && $0.excludesZero }
            hasIntervals = differences.contains { $0.margin != nil }
            correlation = SpearmanCorrelation(
                compared.compactMap { line in
                    line.difference.validation.flatMap { here in line.publishedDifference.map { (here.mean, $0) } }
                })
        }
    }

    /// The paper's removals of a dataset when a part has some of them and lacks others.
    struct MissingRemovals: Equatable, Sendable {
        /// Number of removals of the paper, and of those that are not in the part.
        let published: Int
        let missing: Int

        init(published: Int, missing: Int) {
            self.published = published
            self.missing = missing
        }

        /// Nil when the part has all of them or none.
        init?(_ lines: [Line], dataset: String, published: PublishedTable) {
            let removals = published.removals(dataset: dataset)
            let present = removals.count { removal in lines.contains { $0.row == removal } }
            guard present > 0, present < removals.count else { return nil }
            self.published = removals.count
            missing = removals.count - present
        }

        var sentence: String {
            "\(missing) of the paper's \(published) removals \(missing == 1 ? "is" : "are") not in this table, "
                + "so that its agreement with the paper is not given."
        }
    }
}

extension PublishedTable {
    /// The rows without one technique of which the paper has figures on this dataset.
    fileprivate func removals(dataset: String) -> [Row] {
        Ablation.allCases.map { Row([$0]) }.filter { figures(dataset: dataset, row: $0) != nil }
    }
}
