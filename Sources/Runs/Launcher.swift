import LanguageModel
import Tables

/// A way to make the runs of a plan: on this machine (``LocalLauncher``), or as jobs of a batch system (``SlurmLauncher``).
///
/// Another one is one file with this protocol, and a line where the command line chooses (`RunOptions`).
public protocol Launcher: Sendable {
    /// Whether the runs are made on this machine, with its memory and at its speed.
    var isLocal: Bool { get }

    /// Whether the runs are only handed over, and not waited for.
    var isDetached: Bool { get }

    /// Training tokens a second of each of these runs, as far as that can be known beforehand, by a trial of so many seconds each; empty
    /// where it cannot.
    ///
    /// - Throws: `InputError` when a trial fails.
    func rates(of runs: [PlannedRun], seconds: Double) async throws -> [Double]

    /// What a dry run says beneath the plan, in lines that are not broken; empty for nothing.
    ///
    /// - Throws: `InputError` when the runs could not be made.
    func preview(_ plan: RunPlan, in store: RunStore) async throws -> String

    /// Makes the pending runs of a plan; a run that fails does not hold up the others.
    ///
    /// - Returns: the events in the order in which they happen; ends when the last run has ended, or none is waited for any more.
    ///   An `InputError` ends it where no run can be made.
    func launch(_ plan: RunPlan, in store: RunStore) -> AsyncThrowingStream<(run: PlannedRun, event: RunEvent), any Error>

    /// What becomes of runs that this command no longer waits for, in words.
    func farewell(in store: RunStore) -> String
}

/// What happens to a run.
public enum RunEvent: Sendable {
    case started
    /// It has taken over the state of another run, in or after this epoch.
    case startedFrom(String, epochs: Int)
    /// The moment of this name has come; its state is there for others, if it can be.
    case forked(String)
    case progress(TrainingProgress)
    case interval(IntervalMetrics)
    /// What a person should know of it; it goes on all the same.
    case warning(String)
    /// Its result, `ok` or `diverged`, is in its folder.
    case finished(RunResult)
    /// It was ended from outside, and goes on from its checkpoint another time; by what.
    case interrupted(String)
    /// It ended without a result; why, in a few words.
    case failed(String)
}
