/// The last moment up to which two runs go the same way, as the settings in which they differ have had no effect so far.
///
/// It comes when the first of its parts comes, and at the latest when training ends.
public struct TrainingMoment: Hashable, Sendable {
    /// When the criterion first fires in the main stage: after the judgement, before anything follows from it.
    public var isCriterion = false
    /// At the end of which epoch, counted on through both stages.
    public var epoch: Int?
    /// Whether both runs judge their weights after that epoch; the moment is then after the judgement, before anything follows from it.
    public var isJudged = true

    public init(isCriterion: Bool = false, epoch: Int? = nil, isJudged: Bool = true) {
        self.isCriterion = isCriterion
        self.epoch = epoch
        self.isJudged = isJudged || epoch == nil
    }

    /// When training has ended, whatever has ended it.
    public static let end = TrainingMoment()

    /// Whichever of the two comes first.
    public func or(_ other: TrainingMoment) -> TrainingMoment {
        let epochs = [epoch, other.epoch].compactMap { $0 }.min()
        let isJudged = [self, other].allSatisfy { $0.epoch != epochs || $0.isJudged }
        return TrainingMoment(isCriterion: isCriterion || other.isCriterion, epoch: epochs, isJudged: isJudged)
    }

    /// As it stands in names of files: `criterion`, `epoch-12`, both, or `end`.
    public var name: String {
        let parts = [isCriterion ? "criterion" : nil, epoch.map { "epoch-\($0)" }, isJudged ? nil : "unjudged"].compactMap { $0 }
        return parts.isEmpty ? "end" : parts.joined(separator: "-")
    }

    /// Reads a name; nil where it is none.
    public init?(name: String) {
        var parts = name.split(separator: "-")[...]
        func take(_ word: String) -> Bool {
            guard parts.first == Substring(word) else { return false }
            parts = parts.dropFirst()
            return true
        }
        let isCriterion = take("criterion")
        var epoch: Int?
        if take("epoch") {
            guard let number = parts.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
            epoch = number
        }
        let isUnjudged = take("unjudged")
        self.init(isCriterion: isCriterion, epoch: epoch, isJudged: !isUnjudged)
        guard self.name == name else { return nil }
    }

    /// In words.
    public var text: String {
        if isCriterion { return "when the criterion fires" }
        return epoch.map { "after epoch \($0)" } ?? "when training has ended"
    }
}
