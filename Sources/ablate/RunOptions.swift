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
            print(Explanation(full: full, rows: rows).text, terminator: "")
            return
        }
        let published = try files.published()
        let store = RunStore(folder: out ?? "results/\(full[0].datasetName)-\(model.profile)\(defaultFolder)")
        if !dryRun { try store.prepare() }

        let cores = AvailableCores().count
        let jobs = jobs ?? max(1, cores / full[0].threads)
        let plan = try RunPlan(
            PlannedRun.all(full: full, rows: rows, seeds: seeds), library: data.library, store: store, jobs: jobs,
            retryingFailed: retryFailed)
        let memory = plan.memory()
        if let warning = memory.warning { StandardError.write("memory: \(warning)\n") }
        // A dry run tells what does not fit, and is not ended by it.
        let probed = dryRun ? min(jobs, max(1, memory.largestJobs)) : jobs
        let launcher = try RunLauncher(
            dataArguments: data.arguments, jobs: min(probed, max(1, plan.pending.count)), memoryNeeds: plan.memoryNeeds)
        let rates = dryRun && memory.largestJobs == 0 ? [] : try await launcher.probe(plan.probes, seconds: 1)
        let seconds = plan.seconds(rates: rates)
        if dryRun {
            print(plan.text(seconds: seconds, memory: memory), terminator: "")
            if let run = plan.probes.first, memory.largestJobs > 0 {
                let advice = try await ThreadingAdvice.measure(
                    run, cores: cores, largestJobs: memory.largestJobs, dataArguments: data.arguments, seconds: 2)
                print("\n" + advice.text, terminator: "")
            }
            return
        }

        let failures = try await launch(plan, seconds: seconds, with: launcher, into: store, published: published)
        try store.writeTables(published: published)
        let table = RemovalTable(results: try store.results().filter(plan.includes), published: published)
        print(table.text, terminator: "")
        if failures + plan.failuresLeft > 0 { throw ExitCode.failure }
    }

    /// Makes the pending runs, and returns how many came to no result.
    private func launch(
        _ plan: RunPlan, seconds: [Double], with launcher: RunLauncher, into store: RunStore, published: PublishedTable
    ) async throws -> Int {
        guard !plan.pending.isEmpty else {
            StandardError.write("\(plan.summary); \(store.folder.path)\n")
            return 0
        }
        let expected = RunPlan.text(seconds: RunCost.makespan(seconds, jobs: plan.jobs))
        StandardError.write("\(plan.summary); at most about \(expected); \(store.folder.path)\n")
        var display = ProgressDisplay(plan: plan, seconds: seconds, terminalWidth: StandardError.terminalWidth, write: StandardError.write)
        var failures = 0
        for await (run, event) in launcher.launch(plan.pending, in: store) {
            display.show(run, event)
            switch event {
            case .failed:
                failures += 1
                if let result = plan.failure(of: run) { try store.write(result, of: run) }
                try store.writeTables(published: published)
            case .interrupted: failures += 1
            case .finished: try store.writeTables(published: published)
            case .started, .progress, .epoch: break
            }
        }
        display.clear()
        return failures
    }
}
