import Documents
import Foundation
import LanguageModel
import Tables

/// Makes runs as the tasks of a job array of Slurm's, one run a task, on nodes that see the output folder.
///
/// Nothing of a run's way is asked of Slurm: how far it is stands in its folder. Slurm is asked which tasks it still has.
public struct SlurmLauncher: Launcher {
    private let options: SlurmOptions
    private let executable: URL
    /// Behind the name of the job: what leads a task to the same data.
    private let taskArguments: [String]
    private let stop: StopRequest

    /// - Parameters:
    ///   - dataArguments: the options that lead a task to the same data.
    ///   - stop: once it is made, the runs are no longer waited for; they go on.
    ///   - commit: of the program, for the manifests.
    ///   - recordsEvents: whether runs write event files for TensorBoard.
    /// - Throws: `InputError` (`inputOutput`) when this program's file is unknown.
    public init(
        options: SlurmOptions, dataArguments: [String], stop: StopRequest, commit: String = "", recordsEvents: Bool = false
    ) throws {
        guard let executable = Bundle.main.executableURL else {
            throw InputError.inputOutput("the program's own file was not found, so no run can be started")
        }
        self.options = options
        self.executable = executable
        taskArguments = ["--commit", commit] + (recordsEvents ? ["--tensorboard"] : []) + dataArguments
        self.stop = stop
    }

    public var isLocal: Bool { false }
    public var isDetached: Bool { options.isDetached }

    public func rates(of runs: [PlannedRun], seconds: Double) async throws -> [Double] { [] }

    public func farewell(in store: RunStore) -> String {
        "the jobs go on; 'ablate status \(store.folder.path)' tells how far they are, 'ablate cancel \(store.folder.path)' cancels them, and "
            + "the same command waits for them"
    }

    public func preview(_ plan: RunPlan, in store: RunStore) async throws -> String {
        let entries = try SlurmQueue.entries(ofJobs: SlurmSubmission.all(in: store).map(\.name))
        let underWay = underWay(in: store, entries: entries)
        let fresh = plan.pending.filter { underWay[$0.name] == nil }
        guard !fresh.isEmpty else { return underWay.isEmpty ? "" : "all runs that are to be made are in the queue already\n" }
        let submission = SlurmSubmission(fresh, of: plan, in: store)
        let arguments = arguments(for: submission, threads: fresh.map(\.configuration.threads).max() ?? 1, in: store)
        try SlurmQueue.run("sbatch", ["--test-only"] + arguments)
        return ([["sbatch"] + arguments] + Self.dependencies(submission, array: "JOB") + [["scontrol", "release", "JOB"]])
            .map { $0.map(Self.quoted).joined(separator: " ") + "\n" }.joined()
    }

    public func launch(_ plan: RunPlan, in store: RunStore) -> AsyncThrowingStream<(run: PlannedRun, event: RunEvent), any Error> {
        AsyncThrowingStream { continuation in
            Task {
                do {
                    if !plan.pending.isEmpty {
                        let places = try submit(plan, in: store)
                        if !isDetached { try await watch(plan, places, in: store) { continuation.yield(($0, $1)) } }
                    }
                    if !stop.isPending, !isDetached { ForkFiles(plan.shared, in: store, isOneOfMany: true).removeRest(of: plan.runs) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
        }
    }

    /// Cancels all jobs of an output folder.
    ///
    /// - Returns: their numbers.
    /// - Throws: ``InputError`` (`inputOutput`) with what Slurm's programs say.
    public static func cancel(in store: RunStore) throws -> [String] {
        let entries = try SlurmQueue.entries(ofJobs: SlurmSubmission.all(in: store).map(\.name)).filter { !$0.isOver }
        let arrays = Set(entries.map(\.array)).sorted()
        if !arrays.isEmpty { try SlurmQueue.run("scancel", arrays) }
        return arrays
    }

    /// Where a run is in Slurm.
    private struct Place {
        let submission: SlurmSubmission
        let number: Int

        func entry(in entries: [SlurmQueue.Entry]) -> SlurmQueue.Entry? {
            entries.first { $0.name == submission.name && $0.number == number }
        }
    }

    /// The tasks that have not ended, by their runs.
    private func underWay(in store: RunStore, entries: [SlurmQueue.Entry]) -> [String: Place] {
        var places: [String: Place] = [:]
        for submission in SlurmSubmission.all(in: store) {
            for (number, task) in submission.tasks.enumerated() {
                let place = Place(submission: submission, number: number)
                if let entry = place.entry(in: entries), !entry.isOver { places[task.run] = place }
            }
        }
        return places
    }

    /// Hands over the runs that are to be made and are not in the queue already.
    ///
    /// The array is held until each task's folder and dependencies are as they have to be. What a command that was killed meanwhile has left
    /// held is taken up.
    private func submit(_ plan: RunPlan, in store: RunStore) throws -> [String: Place] {
        let earlier = SlurmSubmission.all(in: store)
        let entries = try SlurmQueue.entries(ofJobs: earlier.map(\.name))
        var places = underWay(in: store, entries: entries)
        for submission in earlier {
            let own = entries.filter { $0.name == submission.name && !$0.isOver }
            if own.isEmpty { submission.remove(from: store) }
            let held = own.filter { $0.reason == "JobHeldUser" }
            guard let array = held.first?.array else { continue }
            let names = held.compactMap(\.number).filter(submission.tasks.indices.contains).map { submission.tasks[$0].run }
            try begin(plan.pending.filter { names.contains($0.name) }, submission, array: array, in: store)
        }
        // A task may have ended since the plan was made; what it came to stays.
        let fresh = plan.pending.filter { places[$0.name] == nil && store.lastingResult(in: store.folder(of: $0)) == nil }
        guard !fresh.isEmpty else { return places }
        let submission = SlurmSubmission(fresh, of: plan, in: store)
        try submission.write(in: store)
        do {
            let threads = fresh.map(\.configuration.threads).max() ?? 1
            let said = try SlurmQueue.run("sbatch", arguments(for: submission, threads: threads, in: store))
            // Of a federation it says the cluster too.
            try begin(fresh, submission, array: String(said.prefix { $0 != ";" }), in: store)
        } catch {
            _ = try? SlurmQueue.run("scancel", ["--name=\(submission.name)"])
            submission.remove(from: store)
            throw error
        }
        for (number, task) in submission.tasks.enumerated() { places[task.run] = Place(submission: submission, number: number) }
        return places
    }

    private func begin(_ runs: [PlannedRun], _ submission: SlurmSubmission, array: String, in store: RunStore) throws {
        for run in runs { try store.begin(run) }
        for command in Self.dependencies(submission, array: array) { try SlurmQueue.run(command[0], Array(command.dropFirst())) }
        try SlurmQueue.run("scontrol", ["release", array])
    }

    private func arguments(for submission: SlurmSubmission, threads: Int, in store: RunStore) -> [String] {
        let limit = options.arrayLimit.map { "%\($0)" } ?? ""
        // Its number stands in for the last part of the log's name.
        let log = submission.log(ofTask: 0, in: store).path.dropLast("0.log".count).replacingOccurrences(of: "%", with: "%%") + "%a.log"
        let task = [executable.path, "slurm-task", store.folder.path, submission.name] + taskArguments
        return [
            "--parsable", "--hold", "--job-name=\(submission.name)", "--array=0-\(submission.tasks.count - 1)\(limit)", "--requeue",
            "--signal=B:USR1@\(SlurmOptions.warning)", "--open-mode=append", "--output=\(log)", "--ntasks=1", "--cpus-per-task=\(threads)",
        ] + options.arguments + ["--wrap=exec \(task.map(Self.quoted).joined(separator: " "))"]
    }

    /// The commands that let tasks wait for those whose state they start from. A task that has come to that state lets them start earlier.
    private static func dependencies(_ submission: SlurmSubmission, array: String) -> [[String]] {
        submission.tasks.enumerated().compactMap { number, origin in
            let branches = submission.tasks.indices.filter { submission.tasks[$0].origin == origin.run }
            guard !branches.isEmpty else { return nil }
            let list = branches.map { "\(array)_\($0)" }.joined(separator: ",")
            return ["scontrol", "update", "JobId=\(list)", "Dependency=afterany:\(array)_\(number)"]
        }
    }

    /// As a shell reads it.
    private static func quoted(_ word: String) -> String {
        word.wholeMatch(of: /[A-Za-z0-9_.,:=@%\/+-]+/) != nil ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}

extension SlurmLauncher {
    /// Waits for the runs, and tells of each what stands in its folder.
    private func watch(
        _ plan: RunPlan, _ places: [String: Place], in store: RunStore, tell: (PlannedRun, RunEvent) -> Void
    ) async throws {
        let names = Set(places.values.map(\.submission.name)).sorted()
        let clock = Stopwatch()
        var (nextQuestion, entries) = (0.0, [SlurmQueue.Entry]?.none)
        var runs = plan.pending.map { WatchedRun($0, in: store) }
        while !runs.isEmpty, !stop.isPending {
            let waited = clock.seconds
            if waited >= nextQuestion {
                // A controller that is started again is not the end of its jobs.
                entries = try? SlurmQueue.entries(ofJobs: names)
                nextQuestion = waited + min(30, max(1, waited / 20))
            }
            for index in runs.indices {
                let (run, place) = (runs[index].run, places[runs[index].run.name])
                let entry = entries.flatMap { place?.entry(in: $0) }
                for event in runs[index].news(isRunning: entry?.state == "RUNNING") { tell(run, event) }
                guard !runs[index].hasEnded, entries != nil, let place else { continue }
                guard runs[index].isLost(entry.map(\.isOver) ?? true, patience: entry?.state == "COMPLETED" ? 60 : 5) else { continue }
                let log = place.submission.log(ofTask: place.number, in: store)
                if let entry, entry.state == "FAILED", !FileManager.default.fileExists(atPath: log.path) {
                    _ = try? SlurmQueue.run("scancel", [entry.array])
                    throw InputError.inputOutput(
                        "\(store.folder.path): the task of \(run.name) failed (\(entry.text)) and has left nothing in this folder, so the nodes do "
                            + "not see it; give a folder that they share with this machine (--out). The other tasks were cancelled")
                }
                let last = (try? TextFile.read(log))?.split(separator: "\n").last.map { ", after '\($0)'" } ?? ""
                runs[index].hasEnded = true
                tell(run, .interrupted("its task ended without a result (\(entry?.text ?? "Slurm has forgotten it"))\(last)"))
            }
            runs.removeAll(where: \.hasEnded)
            try? await Task.sleep(for: .seconds(runs.isEmpty ? 0 : min(5, max(0.2, waited / 100))))
        }
    }
}
