import ArgumentParser
import Configurations
import Corpus
import Documents
import Foundation
import Recurrent
import Runs
import Tables

/// The options of the commands that train a table of runs, and the training itself.
struct RunOptions: ParsableArguments {
    enum Cells: String, CaseIterable, ExpressibleByArgument {
        case lstm
        case gru
        case qrnn
        case both

        var kinds: [CellKind] {
            switch self {
            case .lstm: [.lstm]
            case .gru: [.gru]
            case .qrnn: [.qrnn]
            case .both: [.lstm, .gru]
            }
        }
    }

    @OptionGroup var model: ModelOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var launching: LauncherOptions

    @Option(help: "The recurrent cell; 'both' is lstm and gru.")
    var cell = Cells.lstm

    @Option(help: ArgumentHelp("Runs each row with so many seeds.", valueName: "n"))
    var seeds = 1

    @Option(help: ArgumentHelp("The first of the seeds; others follow it.", valueName: "n"))
    var firstSeed = 1

    @Option(help: ArgumentHelp("Number of runs side by side. (default: as many as there are cores for, of those that this process may use)", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Output folder. (default: results/<dataset>-<profile>, and -<key> for a sweep)", valueName: "dir"))
    var out: String?

    @Flag(help: "Tries runs again that failed before.")
    var retryFailed = false

    @Flag(help: "Trains every run from its first step, even where another of the table goes the same way.")
    var noSharing = false

    @Flag(help: "Writes an event file for TensorBoard into the folder of each run that trains, while it does.")
    var tensorboard = false

    @Flag(help: "Prints the table only, and on standard error what went wrong.")
    var quiet = false

    @Flag(help: "Prints the plan, its cost, the time it will take and the memory it needs, and runs nothing.")
    var dryRun = false

    @Flag(help: "Prints what each row changes in the full model's configuration, and runs nothing.")
    var explain = false

    private static let mostSeeds = 100_000

    func validate() throws {
        guard (1...Self.mostSeeds).contains(seeds) else { throw ValidationError("--seeds \(seeds): must be from 1 to \(Self.mostSeeds)") }
        if firstSeed < 0 || firstSeed > Int.max - seeds { throw ValidationError("--first-seed \(firstSeed): must be from 0 to \(Int.max - seeds)") }
        if jobs != nil, launching.launcher != .local { throw ValidationError("--jobs: is for --launcher local; --array-limit bounds the tasks of Slurm") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): must be at least 1") }
        if dryRun, explain { throw ValidationError("--dry-run and --explain: give one of them") }
    }

    /// Plans the runs, makes those that are missing, prints the table.
    ///
    /// - Parameter defaultFolder: the end of the name of the output folder, where none is given.
    func run(rows: [Row], files: ProjectFiles, defaultFolder: String = "") async throws {
        let full = try cell.kinds.map { cell in
            var configuration = try model.configuration(cell: cell, files: files)
            configuration.seed = firstSeed
            return configuration
        }
        for row in rows {
            if let contradiction = full.lazy.compactMap({ row.apply($0).contradiction }).first { throw InputError.usage("\(row): \(contradiction)") }
        }
        if explain {
            print(Explanation(full: full, rows: rows).text(width: Terminal.standardOutput.width), terminator: "")
            return
        }
        // Of other machines, each run sees for itself.
        if launching.launcher == .local { for row in rows { for configuration in full { try row.apply(configuration).model.checkPrecision() } } }
        try MemoryPlan.checkAddressSpace()
        let stop = StopRequest()
        stop.watchSignals(heedsNohup: true)
        do {
            try await run(rows: rows, full: full, published: try files.published(), defaultFolder: defaultFolder, stop: stop)
        } catch {
            guard let status = stop.status else { throw error }
            throw ExitCode(status)
        }
    }

    private func run(
        rows: [Row], full: [Configuration], published: PublishedTable, defaultFolder: String, stop: StopRequest
    ) async throws {
        let store = RunStore(folder: out ?? "results/\(full[0].datasetName)-\(model.profile)\(defaultFolder)")
        if !dryRun { try store.prepare() }
        do {
            try data.library.checkFolder(of: Dataset(argument: full[0].dataset))
        } catch {
            // A mistaken name leaves no folder.
            if !dryRun { store.removeIfEmpty() }
            throw error
        }
        let lock = dryRun ? nil : try FolderLock(store.folder)
        defer { lock?.release() }
        if lock != nil { store.removeLeftovers() }
        try store.check(rows)

        let cores = AvailableCores().count
        let isLocal = launching.launcher == .local
        let plan = try RunPlan(
            PlannedRun.all(full: full, rows: rows, seeds: seeds), library: data.library, store: store,
            jobs: isLocal ? jobs ?? max(1, cores / full[0].threads) : launching.arrayLimit ?? Int.max, retryingFailed: retryFailed, sharing: !noSharing)
        let memory = isLocal ? plan.memory() : nil
        if let warning = memory?.warning { say("memory: \(warning)") }
        let launcher = try launcher(of: plan, memory: memory, stop: stop)
        // Where there is no memory for a run, there is none for its probe; the others are not held up by that.
        let rates = memory?.largestJobs == 0 ? [] : try await launcher.rates(of: plan.probes, seconds: plan.probeSeconds)
        if !dryRun, !plan.pending.isEmpty { try plan.checkDiskSpace(in: store.folder) }
        let seconds = plan.seconds(rates: rates)
        if dryRun {
            print(plan.text(seconds: isLocal ? seconds : nil, memory: memory, width: Terminal.standardOutput.width), terminator: "")
            if let run = plan.probes.first, let memory, memory.largestJobs > 0 {
                let advice = try await ThreadingAdvice.measure(
                    run, cores: cores, largestJobs: memory.largestJobs, dataArguments: data.arguments,
                    seconds: 2 * plan.probeSeconds, stop: stop)
                print("\n" + advice.text(width: Terminal.standardOutput.width), terminator: "")
            }
            let preview = try await launcher.preview(plan, in: store)
            if !preview.isEmpty { print("\n" + preview, terminator: "") }
            return
        }

        try store.record(rows)
        var record = TableRecord(store: store, published: published)
        let failures = try await launch(plan, seconds: seconds, with: launcher, into: store, record: &record)
        if let status = stop.status {
            StandardError.line("Stopped\(StopRequest.name(ofStatus: status) ?? ""); \(launcher.farewell(in: store)).")
            throw ExitCode(status)
        }
        if launcher.isDetached, !plan.pending.isEmpty {
            say("Handed over; \(launcher.farewell(in: store)).")
            return
        }
        record.write()
        let table = RemovalTable(results: try record.results().filter(plan.includes), published: published)
        print(table.text(width: Terminal.standardOutput.width), terminator: "")
        if let fault = record.fault { throw fault }
        if quiet, plan.failuresLeft > 0 { StandardError.line("\(plan.failuresLeft) of the runs failed before (--retry-failed tries again)") }
        if failures.failed > 0 {
            StandardError.line("\(failures.failed) of the runs failed; the same command with --retry-failed tries again, from the last checkpoint where there is one")
        }
        if failures.failed + failures.interrupted + plan.failuresLeft > 0 { throw ExitCode.failure }
    }

    private func launcher(of plan: RunPlan, memory: MemoryPlan?, stop: StopRequest) throws -> any Launcher {
        let commit = dryRun || plan.pending.isEmpty ? "" : ProgramCommit.find()
        switch launching.launcher {
        case .local:
            // A dry run tells what does not fit, and is not ended by it.
            let probed = dryRun ? min(plan.jobs, max(1, memory?.largestJobs ?? plan.jobs)) : plan.jobs
            return try LocalLauncher(
                dataArguments: data.arguments, jobs: min(probed, max(1, plan.pending.count)), stop: stop, commit: commit,
                memoryNeeds: plan.memoryNeeds, recordsEvents: tensorboard)
        case .slurm:
            return try SlurmLauncher(
                options: try launching.slurmOptions, dataArguments: data.arguments, stop: stop, commit: commit, recordsEvents: tensorboard)
        }
    }

    /// On standard error, what `--quiet` leaves out.
    private func say(_ text: String) {
        if !quiet { StandardError.line(text) }
    }

    /// Makes the pending runs, and returns how many came to no result: those that failed, and those that go on another time.
    private func launch(
        _ plan: RunPlan, seconds: [Double], with launcher: any Launcher, into store: RunStore, record: inout TableRecord
    ) async throws -> (failed: Int, interrupted: Int) {
        guard !plan.pending.isEmpty else {
            say("\(plan.summary); \(store.folder.path)")
            // There is nothing to make, but a killed command may have left files.
            for try await _ in launcher.launch(plan, in: store) {}
            return (0, 0)
        }
        let expected = !launcher.isLocal ? "" : "at most about \(RunPlan.text(seconds: RunCost.makespan(seconds, jobs: plan.jobs))); "
        say("\(plan.summary); \(expected)\(store.folder.path)")
        var display = ProgressDisplay(
            plan: plan, seconds: seconds, style: quiet ? .failures : Terminal.standardError.canDrawOver ? .drawnOver : .lines,
            width: Terminal.standardError.width, write: StandardError.write)
        var failures = (failed: 0, interrupted: 0)
        for try await (run, event) in launcher.launch(plan, in: store) {
            display.show(run, event)
            switch event {
            case .failed(let reason):
                failures.failed += 1
                if let result = plan.failure(of: run, reason: reason) { record.add(result, of: run) }
                record.write()
            case .interrupted: failures.interrupted += 1
            case .finished: record.write()
            case .started, .startedFrom, .forked, .progress, .interval, .warning: break
            }
        }
        display.clear()
        return failures
    }
}
