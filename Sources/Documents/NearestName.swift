/// Finds what a mistyped name may have meant.
public enum NearestName {
    /// The candidate with the fewest edits from `name`, the first of equals; nil when all are too far away to be meant.
    ///
    /// Case does not count, and `_` is as good as `-`.
    static func suggestion(for name: String, among candidates: [String]) -> String? {
        let distances = candidates.map { (candidate: $0, distance: distance(folded(name), folded($0))) }
        guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        // With no letter in common nothing was meant, however short the names are.
        let isMeant = nearest.distance <= max(2, nearest.candidate.count / 2) && nearest.distance < nearest.candidate.count
        return isMeant ? nearest.candidate : nil
    }

    /// ` Did you mean 'x'?`, or nothing.
    public static func hint(for name: String, among candidates: [String]) -> String {
        suggestion(for: name, among: candidates).map { " Did you mean '\($0)'?" } ?? ""
    }

    private static func folded(_ name: String) -> String {
        name.lowercased().replacing("_", with: "-")
    }

    /// Levenshtein's distance: insertions, deletions and substitutions.
    static func distance(_ a: String, _ b: String) -> Int {
        let target = Array(b)
        var row = Array(0...target.count)
        for (i, character) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in target.indices {
                let substitution = diagonal + (character == target[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[target.count]
    }
}
