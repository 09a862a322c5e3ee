import ArgumentParser
import Configurations
import LanguageModel
import Runs

/// What a child process of `run` does.
struct TrainRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-run", abstract: "Trains one run in the folder prepared for it.", shouldDisplay: false)

    @Argument var folder: String
    @Option(transform: { try Row(name: $0) }) var row = Row.full
    @Option(help: "Only measures the speed, for so many seconds.") var probe: Double?
    @OptionGroup var data: DataOptions

    func run() throws {
        let stop = StopRequest()
        stop.watch()
        let worker = RunWorker(folder: folder, library: data.library)
        if let probe {
            try worker.probe(seconds: probe)
        } else {
            do {
                try worker.train(row: row) { stop.isPending }
            } catch is TrainingStopped {
                throw ExitCode(RunLauncher.stoppedStatus)
            }
        }
    }
}
