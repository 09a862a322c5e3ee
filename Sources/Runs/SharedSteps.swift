import Configurations
import LanguageModel

/// Which runs of a table start from another's state, because both go the same way until then, and so need not train the same steps again.
public struct SharedSteps: Equatable, Sendable {
    /// Where a run starts from.
    public struct Start: Equatable, Sendable {
        /// The name of the run that comes there by itself.
        public let origin: String
        /// When it has the state from which this run goes on.
        public let moment: TrainingMoment

        /// In words, as they stand after "starts".
        public var text: String { "from \(origin) \(moment.text)" }
    }

    /// How far a run is, as it matters here.
    struct Candidate {
        let run: PlannedRun
        /// Whether it may start from another: it is to be made, and has no checkpoint of its own.
        let isNew: Bool
        /// Whether it has, or will come to, its state at a moment.
        let canGive: (TrainingMoment) -> Bool
    }

    /// The starts by the names of the runs that have one.
    public private(set) var starts: [String: Start] = [:]

    /// As they were settled earlier.
    init(starts: [String: Start]) { self.starts = starts }

    /// None: each run trains all its steps.
    public static let none = SharedSteps([])

    /// A run starts from the one with which it goes the same way longest: among those that have begun already and the new ones before
    /// it. Whatever their order, all steps that are common to some runs are then trained once.
    init(_ candidates: [Candidate]) {
        var origins = candidates.filter { !$0.isNew }
        for candidate in candidates where candidate.isNew {
            let branch = candidate.run.configuration
            let possible = origins.compactMap { origin -> (start: Start, epochs: (Int, Int))? in
                guard let moment = origin.run.configuration.lastCommonMoment(with: branch), origin.canGive(moment) else { return nil }
                let epochs = moment.epochs(schedule: branch.schedule)
                return (Start(origin: origin.run.name, moment: moment), (epochs.lowerBound, epochs.upperBound))
            }
            // The first of those that share most.
            starts[candidate.run.name] = possible.reduce(nil as (start: Start, epochs: (Int, Int))?) { best, next in
                best.map { $0.epochs >= next.epochs } ?? false ? best : next
            }?.start
            origins.append(candidate)
        }
    }

    /// The moments at which others start from a run.
    func moments(of origin: String) -> [TrainingMoment] {
        Set(starts.values.filter { $0.origin == origin }.map(\.moment)).sorted { $0.name < $1.name }
    }

    /// The names of the runs that start where this one does.
    func branches(from start: Start) -> [String] { starts.filter { $0.value == start }.map(\.key) }

    /// The epochs that a run need not train: from fewest to most, as nobody knows when the criterion will fire.
    func epochs(of run: PlannedRun) -> ClosedRange<Int> {
        starts[run.name]?.moment.epochs(schedule: run.configuration.schedule) ?? 0...0
    }
}

extension TrainingMoment {
    /// The epochs that are over when it comes.
    func epochs(schedule: TrainingSchedule) -> ClosedRange<Int> {
        let last = min(epoch ?? schedule.largestEpochs, schedule.largestEpochs)
        guard isCriterion else { return last...last }
        // The criterion needs more than n judgements before the one at which it fires.
        let first = schedule.loggingInterval == 0 ? schedule.nonMonotonicInterval + 2 : 0
        return min(first, last)...last
    }
}
