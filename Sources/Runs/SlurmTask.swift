import Configurations
import Corpus
import Documents
import Foundation

/// What a task of a Slurm array does on its node: the one run that has its number.
public struct SlurmTask {
    private let store: RunStore
    private let submission: SlurmSubmission
    private let number: Int
    private let environment: [String: String]

    /// - Parameters:
    ///   - name: of the job.
    ///   - environment: as Slurm sets it for a task.
    /// - Throws: ``InputError`` when this is no task of that job.
    public init(folder: String, name: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        store = RunStore(folder: folder)
        submission = try SlurmSubmission(name: name, in: store)
        self.environment = environment
        guard let number = environment["SLURM_ARRAY_TASK_ID"].flatMap({ Int($0) }), submission.tasks.indices.contains(number) else {
            throw InputError.usage("\(name): is run by Slurm as a task of an array; SLURM_ARRAY_TASK_ID names none of its tasks")
        }
        self.number = number
    }

    /// Makes the run, from its checkpoint where there is one. A run that has come to a result is left alone.
    ///
    /// Asked to end by the signal that Slurm sends before a time limit, it has itself requeued; where Slurm ends it for another job, Slurm
    /// requeues it. A failure is written down as the run's result.
    ///
    /// - Parameters:
    ///   - library: leads to the data.
    ///   - recordsEvents: whether the run writes an event file for TensorBoard.
    ///   - say: receives lines for the task's log.
    /// - Returns: the exit code: 0 where the run has come to a result or has failed.
    public func run(
        library: DatasetLibrary, dataArguments: [String], commit: String, recordsEvents: Bool, stop: StopRequest,
        say: @escaping @Sendable (String) -> Void
    ) async throws -> Int32 {
        let task = submission.tasks[number]
        let run = try PlannedRun(folder: store.folder.appendingPathComponent(task.run, isDirectory: true), row: Row(definition: task.row))
        let plan = try RunPlan([run], library: library, store: store, jobs: 1, settled: submission.shared)
        say("task \(number), restart \(environment["SLURM_RESTART_COUNT"] ?? "0"), on \(environment["SLURMD_NODENAME"] ?? "?"): \(run.name), \(plan.summary)\n")
        guard !plan.pending.isEmpty else { return 0 }
        var launcher = try LocalLauncher(
            dataArguments: dataArguments, jobs: 1, stop: stop, commit: commit, memoryNeeds: plan.memoryNeeds, recordsEvents: recordsEvents)
        launcher.isPrepared = true
        var display = ProgressDisplay(plan: plan, seconds: plan.seconds(rates: []), style: .lines, width: nil, write: say)
        var isInterrupted = false
        for try await (run, event) in launcher.launch(plan, in: store) {
            display.show(run, event)
            switch event {
            case .forked(let moment): release(from: run, moment)
            case .failed(let reason):
                if let failure = plan.failure(of: run, reason: reason) { try store.write(failure, of: run) }
            case .interrupted: isInterrupted = true
            case .started, .startedFrom, .progress, .interval, .warning, .finished: break
            }
        }
        guard isInterrupted || stop.isPending && !store.hasResult(in: store.folder(of: run)) else { return 0 }
        if stop.status == 128 + SIGUSR1, let job = environment["SLURM_JOB_ID"] {
            say("requeues itself, as it was told that its time is up\n")
            try SlurmQueue.run("scontrol", ["requeue", job])
        }
        return stop.status ?? StopRequest.orphanStatus
    }

    /// Lets those start that start from this moment; they would else when this task has ended.
    private func release(from run: PlannedRun, _ moment: String) {
        guard let array = environment["SLURM_ARRAY_JOB_ID"] else { return }
        for (number, task) in submission.tasks.enumerated() where task.origin == run.name && task.moment == moment {
            _ = try? SlurmQueue.run("scontrol", ["update", "JobId=\(array)_\(number)", "Dependency="])
        }
    }
}
