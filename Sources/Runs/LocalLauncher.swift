import Corpus
import Documents
import Foundation
import LanguageModel
import Tables

/// Makes runs on this machine: starts them as child processes of the same program, a number of them side by side.
public struct LocalLauncher: Launcher {
    /// The ends of a child that goes on another time: it was asked to stop and has written a checkpoint.
    private static let interruptions = [StopRequest.orphanStatus] + StopRequest.signals.map { 128 + $0 }

    private let executable: URL
    private let dataArguments: [String]
    private let jobs: Int
    private let stop: StopRequest
    private let commit: String
    private let memoryNeeds: [String: MemoryNeed]
    private let recordsEvents: Bool
    /// Whether the runs' folders are as they have to be, and may be those of processes elsewhere, for which a child then waits.
    var isPrepared = false
    /// So many seconds another process may take to leave a run's folder.
    var patience = RunWorker.orphansPatience

    /// - Parameters:
    ///   - dataArguments: the options that lead a child to the same data.
    ///   - jobs: number of processes at a time.
    ///   - stop: once it is made, no run begins, and those under way stop with a checkpoint.
    ///   - commit: of the program, for the manifests.
    ///   - memoryNeeds: of the runs, by name, for messages.
    ///   - recordsEvents: whether runs write event files for TensorBoard.
    /// - Throws: `InputError` (`inputOutput`) when this program's file is unknown.
    public init(
        dataArguments: [String], jobs: Int, stop: StopRequest, commit: String = "", memoryNeeds: [String: MemoryNeed] = [:],
        recordsEvents: Bool = false
    ) throws {
        guard let executable = Bundle.main.executableURL else {
            throw InputError.inputOutput("the program's own file was not found, so no run can be started")
        }
        self.executable = executable
        self.dataArguments = dataArguments
        self.jobs = jobs
        self.stop = stop
        self.commit = commit
        self.memoryNeeds = memoryNeeds
        self.recordsEvents = recordsEvents
    }

    public var isLocal: Bool { true }
    public var isDetached: Bool { false }

    public func rates(of runs: [PlannedRun], seconds: Double) async throws -> [Double] { try await probe(runs, seconds: seconds) }

    public func preview(_ plan: RunPlan, in store: RunStore) async throws -> String { "" }

    public func farewell(in store: RunStore) -> String { "the same command goes on from here" }

    public func launch(_ plan: RunPlan, in store: RunStore) -> AsyncThrowingStream<(run: PlannedRun, event: RunEvent), any Error> {
        AsyncThrowingStream { continuation in
            Task {
                let forks = ForkFiles(plan.shared, in: store, isOneOfMany: isPrepared)
                // No process is at work in the folder of a run that has come to an end.
                for run in plan.runs where !isPrepared && store.hasResult(in: store.folder(of: run)) { store.removeLeftovers(of: run) }
                let queue = RunQueue(plan.pending, shared: plan.shared, settled: forks.there + plan.settledStarts, stop: stop)
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<max(1, jobs) {
                        group.addTask {
                            while let run = await queue.next() {
                                continuation.yield((run, .started))
                                let child = Child(run: run, moments: plan.shared.moments(of: run.name), fork: forks.file(for: run))
                                let end = await train(child, in: store, forks: forks, queue: queue) { continuation.yield((run, $0)) }
                                if case .interrupted = end {} else { forks.serve(run) }
                                continuation.yield((run, end))
                                await queue.end(run)
                            }
                        }
                    }
                }
                if !stop.isPending { forks.removeRest(of: plan.runs) }
                continuation.finish()
            }
        }
    }

    /// Measures training tokens a second of each configuration, with as many processes side by side as there will be runs.
    ///
    /// - Throws: ``InputError`` when a probe fails, with what it said.
    public func probe(_ runs: [PlannedRun], seconds: Double) async throws -> [Double] {
        try await withThrowingTaskGroup(of: Double.self) { group in
            var rates: [Double] = []
            for run in runs {
                let copies = max(1, jobs)
                for _ in 0..<copies { group.addTask { try await self.probe(run, seconds: seconds) } }
                var total = 0.0
                for _ in 0..<copies { total += try await group.next() ?? 0 }
                rates.append(total / Double(copies))
            }
            return rates
        }
    }

    /// A run to be made by a process of its own.
    private struct Child {
        let run: PlannedRun
        /// At which others will start from it.
        let moments: [TrainingMoment]
        /// The file of another run's state that it starts from.
        let fork: URL?

        func arguments(folder: URL, commit: String) -> [String] {
            ["train-run", folder.path, "--row", run.row.definition, "--commit", commit] + moments.flatMap { ["--fork", $0.name] }
                + (fork.map { ["--from", $0.path] } ?? [])
        }
    }

    private func train(
        _ child: Child, in store: RunStore, forks: ForkFiles, queue: RunQueue, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async -> RunEvent {
        let run = child.run
        let folder = store.folder(of: run)
        do {
            if !isPrepared {
                if let end = await endElsewhere(of: run, in: store) { return end }
                try store.begin(run)
            }
            if let refusal = MemoryPlan.refusal(need: memoryNeeds[run.name]) { return .failed(refusal) }
            let options = (isPrepared ? ["--wait"] : []) + (recordsEvents ? ["--tensorboard"] : [])
            let end = try await process(child.arguments(folder: folder, commit: commit) + options).run { line in
                switch ProgressMessage(line: line) {
                case .progress(let progress): onEvent(.progress(progress))
                case .interval(let interval): onEvent(.interval(interval))
                case .warning(let text): onEvent(.warning(text))
                case .fork(let moment):
                    onEvent(.forked(moment))
                    Task { await queue.settle(run, moment) }
                case .startedFromFork(let epochs):
                    forks.serve(run)
                    onEvent(.startedFrom(child.fork?.deletingLastPathComponent().lastPathComponent ?? "", epochs: epochs))
                case .rate, nil: break
                }
            }
            if end.status == 0, let result = try store.result(in: folder) { return .finished(result) }
            // On a full disk there is no place for it; the reason is told all the same.
            if !end.errors.isEmpty { try? TextFile.write(end.errors, to: folder.appendingPathComponent(RunStore.File.errors)) }
            let reason = reason(of: run, end)
            return Self.interruptions.contains(end.status) ? .interrupted(reason) : .failed(reason)
        } catch {
            return .failed(String(describing: error))
        }
    }

    /// What a run has come to in another process since the plan was made, or that one is still at work; nil where it is to be made here.
    ///
    /// A worker whose parent was killed may take a moment to write its last checkpoint.
    private func endElsewhere(of run: PlannedRun, in store: RunStore) async -> RunEvent? {
        let (folder, clock) = (store.folder(of: run), Stopwatch())
        while let machine = FolderLock.machine(holding: folder) {
            guard clock.seconds < patience, !stop.isPending else { return .interrupted("another process makes it, on \(machine)") }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return store.lastingResult(in: folder).map(RunEvent.finished)
    }

    private func probe(_ run: PlannedRun, seconds: Double) async throws -> Double {
        // The speed does not depend on the learning rate, and with a small one the probe of no configuration diverges.
        var configuration = run.configuration
        configuration.schedule.learningRate = 1e-6
        let run = PlannedRun(row: .full, full: configuration)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ablate-probe-\(UUID().uuidString)")
        let store = RunStore(folder: folder.path)
        defer { try? FileManager.default.removeItem(at: folder) }
        try store.prepare()
        try store.begin(run)
        let rate = LastRate()
        let arguments = ["train-run", store.folder(of: run).path, "--row", run.row.definition, "--probe", String(seconds)]
        let end = try await process(arguments).run { line in
            if case .rate(let value) = ProgressMessage(line: line) { rate.set(value) }
        }
        guard end.status == 0, let value = rate.get() else {
            throw InputError.inputOutput("the probe of \(run.name) failed: \(reason(of: run, end))")
        }
        return value
    }

    private func process(_ arguments: [String]) -> ChildProcess {
        // A run's threads are its own; see BLASLibrary.threads. OpenBLAS would start more beside them, which only wait.
        ChildProcess(
            executable: executable, arguments: arguments + dataArguments, environment: ["OPENBLAS_NUM_THREADS": "1"], stop: stop)
    }

    private func reason(of run: PlannedRun, _ end: ChildProcess.End) -> String {
        if let signal = StopRequest.name(ofStatus: end.status) { return "stopped with a checkpoint\(signal)" }
        let last = end.errors.split(separator: "\n").last ?? ""
        let said = last.isEmpty ? "" : ": " + last.trimmingPrefix("Error: ")
        let memory = MemoryPlan.reason(status: end.status, need: memoryNeeds[run.name])
        return (end.status > 128 ? "ended by signal \(end.status - 128)" : "exit code \(end.status)") + memory + said
    }

    /// Carries a value from the thread that reads a child's output to the one that waits for the child.
    private final class LastRate: @unchecked Sendable {
        private let lock = NSLock()
        private var value: Double?

        func set(_ value: Double) { lock.withLock { self.value = value } }
        func get() -> Double? { lock.withLock { value } }
    }
}
