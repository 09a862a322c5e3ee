import Corpus
import Documents
import Foundation
import LanguageModel
import Tables

/// Starts runs as child processes of the same program, a number of them side by side.
public struct RunLauncher: Sendable {
    /// What happens to a run.
    public enum Event: Sendable {
        case started
        case progress(TrainingProgress)
        case epoch(EpochMetrics)
        /// Its result, `ok` or `diverged`, is in its folder.
        case finished(RunResult)
        /// It was ended from outside, and goes on from its checkpoint another time; by what.
        case interrupted(String)
        /// It ended without a result; why, in a few words.
        case failed(String)
    }

    /// The exit code of a child that was asked to stop and has written a checkpoint (`EX_TEMPFAIL`).
    public static let stoppedStatus: Int32 = 75
    private static let interruptions = [stoppedStatus] + [SIGHUP, SIGINT, SIGKILL, SIGTERM].map { 128 + $0 }

    private let executable: URL
    private let dataArguments: [String]
    private let jobs: Int
    private let memoryNeeds: [String: MemoryNeed]

    /// - Parameters:
    ///   - dataArguments: the options that lead a child to the same data.
    ///   - jobs: number of processes at a time.
    ///   - memoryNeeds: of the runs, by name, for messages.
    /// - Throws: ``InputError`` (`inputOutput`) when this program's file is unknown.
    public init(dataArguments: [String], jobs: Int, memoryNeeds: [String: MemoryNeed] = [:]) throws {
        guard let executable = Bundle.main.executableURL else {
            throw InputError.inputOutput("the program's own file was not found, so no run can be started")
        }
        self.executable = executable
        self.dataArguments = dataArguments
        self.jobs = jobs
        self.memoryNeeds = memoryNeeds
    }

    /// Runs all of them; a run that fails does not hold up the others.
    ///
    /// - Returns: the events in the order in which they happen; ends when the last run has ended.
    public func launch(_ runs: [PlannedRun], in store: RunStore) -> AsyncStream<(run: PlannedRun, event: Event)> {
        AsyncStream { continuation in
            Task {
                await forEach(runs) { run in
                    continuation.yield((run, .started))
                    let end = await self.train(run, in: store) { continuation.yield((run, $0)) }
                    continuation.yield((run, end))
                }
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

    private func forEach(_ runs: [PlannedRun], _ body: @escaping @Sendable (PlannedRun) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, run) in runs.enumerated() {
                if index >= jobs { await group.next() }
                group.addTask { await body(run) }
            }
        }
    }

    private func train(_ run: PlannedRun, in store: RunStore, onEvent: @escaping @Sendable (Event) -> Void) async -> Event {
        let folder = store.folder(of: run)
        let errors = folder.appendingPathComponent(RunStore.File.errors)
        do {
            try store.begin(run)
            let arguments = ["train-run", folder.path, "--row", run.row.name]
            let status = try await child(arguments, errors: errors).run { line in
                switch ProgressMessage(line: line) {
                case .progress(let progress): onEvent(.progress(progress))
                case .epoch(let epoch): onEvent(.epoch(epoch))
                case .rate, nil: break
                }
            }
            if status == 0, let result = try store.result(in: folder) {
                try? FileManager.default.removeItem(at: errors)
                return .finished(result)
            }
            let reason = reason(of: run, status: status, errors: errors)
            return Self.interruptions.contains(status) ? .interrupted(reason) : .failed(reason)
        } catch {
            return .failed(String(describing: error))
        }
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
        let errors = folder.appendingPathComponent(RunStore.File.errors)
        let rate = LastRate()
        let arguments = ["train-run", store.folder(of: run).path, "--row", run.row.name, "--probe", String(seconds)]
        let status = try await child(arguments, errors: errors).run { line in
            if case .rate(let value) = ProgressMessage(line: line) { rate.set(value) }
        }
        guard status == 0, let value = rate.get() else {
            throw InputError.inputOutput("the probe of \(run.name) failed: \(reason(of: run, status: status, errors: errors))")
        }
        return value
    }

    private func child(_ arguments: [String], errors: URL) -> ChildProcess {
        // A run's threads are its own; see BLASLibrary.threads. OpenBLAS would start more beside them, which only wait.
        ChildProcess(executable: executable, arguments: arguments + dataArguments, environment: ["OPENBLAS_NUM_THREADS": "1"], errors: errors)
    }

    private func reason(of run: PlannedRun, status: Int32, errors: URL) -> String {
        let said = (try? TextFile.read(errors))?.split(separator: "\n").last.map { ": \($0)" } ?? ""
        let memory = MemoryPlan.reason(status: status, need: memoryNeeds[run.name])
        return (status > 128 ? "ended by signal \(status - 128)" : "exit code \(status)") + memory + said
    }

    /// Carries a value from the thread that reads a child's output to the one that waits for the child.
    private final class LastRate: @unchecked Sendable {
        private let lock = NSLock()
        private var value: Double?

        func set(_ value: Double) { lock.withLock { self.value = value } }
        func get() -> Double? { lock.withLock { value } }
    }
}
