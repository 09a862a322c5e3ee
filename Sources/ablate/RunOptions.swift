import ArgumentParser
import Configurations
import Foundation
import Recurrent
import Runs
import Tables

/// The options of the commands that train a table of runs, and the training itself.
struct RunOptions: ParsableArguments {
    enum Cells: String, CaseIterable, ExpressibleByArgument {
        case lstm
        case gru
        case both

        var kinds: [CellKind] {
            switch self {
            case .lstm: [.lstm]
            case .gru: [.gru]
            case .both: [.lstm, .gru]
            }
        }
    }

    @OptionGroup var model: ModelOptions
    @OptionGroup var data: DataOptions

    @Option(help: "The recurrent cell.")
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

    func validate() throws {
        if seeds < 1 { throw ValidationError("--seeds \(seeds): must be at least 1") }
        if firstSeed < 0 || firstSeed > Int.max - seeds { throw ValidationError("--first-seed \(firstSeed): must be from 0 to \(Int.max - seeds)") }
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
        if explain {
            print(Explanation(full: full, rows: rows).text(width: Terminal.standardOutput.width), terminator: "")
            return
        }
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
        let lock = dryRun ? nil : try FolderLock(store.folder)
        defer { lock?.release() }
        if lock != nil { store.removeLeftovers() }

        let cores = AvailableCores().count
        let jobs = jobs ?? max(1, cores / full[0].threads)
        let plan = try RunPlan(
            PlannedRun.all(full: full, rows: rows, seeds: seeds), library: data.library, store: store, jobs: jobs,
            retryingFailed: retryFailed, sharing: !noSharing)
        let memory = plan.memory()
        if let warning = memory.warning { say("memory: \(warning)") }
        // A dry run tells what does not fit, and is not ended by it.
        let probed = dryRun ? min(jobs, max(1, memory.largestJobs)) : jobs
        let launcher = try RunLauncher(
            dataArguments: data.arguments, jobs: min(probed, max(1, plan.pending.count)), stop: stop,
            commit: dryRun || plan.pending.isEmpty ? "" : ProgramCommit.find(), memoryNeeds: plan.memoryNeeds, recordsEvents: tensorboard)
        // Where there is no memory for a run, there is none for its probe; the others are not held up by that.
        let rates = memory.largestJobs == 0 ? [] : try await launcher.probe(plan.probes, seconds: 1)
        if !dryRun, !plan.pending.isEmpty { try plan.checkDiskSpace(in: store.folder) }
        let seconds = plan.seconds(rates: rates)
        if dryRun {
            print(plan.text(seconds: seconds, memory: memory, width: Terminal.standardOutput.width), terminator: "")
            if let run = plan.probes.first, memory.largestJobs > 0 {
                let advice = try await ThreadingAdvice.measure(
                    run, cores: cores, largestJobs: memory.largestJobs, dataArguments: data.arguments, seconds: 2,
                    stop: stop)
                print("\n" + advice.text(width: Terminal.standardOutput.width), terminator: "")
            }
            return
        }

        var record = TableRecord(store: store, published: published)
        let failures = await launch(plan, seconds: seconds, with: launcher, into: store, record: &record)
        if let status = stop.status {
            StandardError.line("Stopped\(StopRequest.name(ofStatus: status) ?? ""); the same command goes on from here.")
            throw ExitCode(status)
        }
        record.write()
        let table = RemovalTable(results: try record.results().filter(plan.includes), published: published)
        print(table.text(width: Terminal.standardOutput.width), terminator: "")
        if let fault = record.fault { throw fault }
        if quiet, plan.failuresLeft > 0 { StandardError.line("\(plan.failuresLeft) of the runs failed before (--retry-failed tries again)") }
        if failures + plan.failuresLeft > 0 { throw ExitCode.failure }
    }

    /// On standard error, what `--quiet` leaves out.
    private func say(_ text: String) {
        if !quiet { StandardError.line(text) }
    }

    /// Makes the pending runs, and returns how many came to no result.
    private func launch(
        _ plan: RunPlan, seconds: [Double], with launcher: RunLauncher, into store: RunStore, record: inout TableRecord
    ) async -> Int {
        guard !plan.pending.isEmpty else {
            say("\(plan.summary); \(store.folder.path)")
            // There is nothing to make, but a killed command may have left files.
            for await _ in launcher.launch(plan, in: store) {}
            return 0
        }
        let expected = RunPlan.text(seconds: RunCost.makespan(seconds, jobs: plan.jobs))
        say("\(plan.summary); at most about \(expected); \(store.folder.path)")
        var display = ProgressDisplay(
            plan: plan, seconds: seconds, style: quiet ? .failures : Terminal.standardError.canDrawOver ? .drawnOver : .lines,
            width: Terminal.standardError.width, write: StandardError.write)
        var failures = 0
        for await (run, event) in launcher.launch(plan, in: store) {
            display.show(run, event)
            switch event {
            case .failed(let reason):
                failures += 1
                if let result = plan.failure(of: run, reason: reason) { record.add(result, of: run) }
                record.write()
            case .interrupted: failures += 1
            case .finished: record.write()
            case .started, .startedFrom, .progress, .interval, .warning: break
            }
        }
        display.clear()
        return failures
    }
}
