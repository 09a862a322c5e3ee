import ArgumentParser
import Corpus
import Experiments
import Foundation
import Recurrent

/// The removal table: plans the runs, makes those that are missing, prints the table.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs the removal table (the default).")

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

    @Option(
        name: .customLong("drop"),
        help: ArgumentHelp("Runs the row without this technique; a+b removes both. 'ablate rows' lists them. (repeatable)", valueName: "slug"),
        transform: { try Row(name: $0) })
    var drops: [Row] = []

    @Option(name: .customLong("rows"), help: ArgumentHelp("The rows to run: paper or extended. (default: paper)", valueName: "list"))
    var list: String?

    @Option(help: ArgumentHelp("Runs each row with the seeds 1 to n.", valueName: "n"))
    var seeds = 1

    @Option(help: ArgumentHelp("Number of runs side by side. (default: as many as there are cores for)", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Output folder. (default: results/<dataset>-<profile>)", valueName: "dir"))
    var out: String?

    @Flag(help: "Prints the plan, its cost and the time it will take, and runs nothing.")
    var dryRun = false

    func validate() throws {
        if seeds < 1 { throw ValidationError("--seeds \(seeds): must be at least 1") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): must be at least 1") }
        if !drops.isEmpty, list != nil { throw ValidationError("--drop and --rows: give one of them") }
    }

    func run() async throws {
        let files = try ProjectFiles(configs: model.configs)
        let rows = try rows(files)
        let full = try cell.kinds.map { try model.configuration(cell: $0, files: files) }
        let published = try files.published()
        let dataset = Dataset(argument: model.dataset)
        let store = RunStore(folder: out ?? "results/\(full[0].datasetName)-\(model.profile)")
        if !dryRun { try store.prepare() }

        let corpus = try data.library.load(dataset, trainingTokens: full[0].trainingTokens)
        let jobs = jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / full[0].threads)
        let plan = try RunPlan(
            PlannedRun.all(full: full, rows: rows, seeds: seeds), corpus: corpus, store: store, jobs: jobs)
        let launcher = try RunLauncher(dataArguments: data.arguments, jobs: min(jobs, max(1, plan.pending.count)))
        let seconds = plan.seconds(rates: try await launcher.probe(plan.probes, seconds: 1))
        if dryRun {
            print(plan.text(seconds: seconds), terminator: "")
            if let run = plan.probes.first {
                let advice = try await ThreadingAdvice.measure(
                    run, cores: ProcessInfo.processInfo.activeProcessorCount, dataArguments: data.arguments, seconds: 2)
                print("\n" + advice.text, terminator: "")
            }
            return
        }

        let failures = try await launch(plan, seconds: seconds, with: launcher, into: store, corpus: corpus, published: published)
        try store.writeTables(published: published)
        let table = RemovalTable(results: try store.results().filter(plan.includes), published: published)
        print(table.text, terminator: "")
        if failures > 0 { throw ExitCode.failure }
    }

    /// The full model and the rows asked for, each once.
    private func rows(_ files: ProjectFiles) throws -> [Row] {
        let asked = drops.isEmpty ? try files.rows(listed: list ?? "paper") : drops
        return ([.full] + asked).reduce(into: []) { rows, row in
            if !rows.contains(row) { rows.append(row) }
        }
    }

    /// Makes the pending runs, and returns how many failed.
    private func launch(
        _ plan: RunPlan, seconds: [Double], with launcher: RunLauncher, into store: RunStore, corpus: Corpus,
        published: PublishedTable
    ) async throws -> Int {
        guard !plan.pending.isEmpty else { return 0 }
        let expected = RunPlan.text(seconds: RunCost.makespan(seconds, jobs: plan.jobs))
        StandardError.write("\(plan.pending.count) of \(plan.runs.count) runs to make, at most about \(expected); \(store.folder.path)\n")
        var display = ProgressDisplay(plan: plan, seconds: seconds, terminalWidth: StandardError.terminalWidth, write: StandardError.write)
        var failures = 0
        for await (run, event) in launcher.launch(plan.pending, in: store) {
            display.show(run, event)
            switch event {
            case .failed:
                failures += 1
                try store.write(RunResult(of: run, corpus: corpus), of: run)
                try store.writeTables(published: published)
            case .finished: try store.writeTables(published: published)
            case .started, .progress, .epoch: break
            }
        }
        display.clear()
        return failures
    }
}
