import ArgumentParser
import Configurations
import Foundation
import LanguageModel
import Runs

/// What a child process of `run` does.
struct TrainRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-run", abstract: "Trains one run in the folder prepared for it.", shouldDisplay: false)

    @Argument var folder: String
    @Option(transform: { try Row(definition: $0) }) var row = Row.full
    @Option(help: "Only measures the speed, for so many seconds.") var probe: Double?
    @Option(help: "What the manifest says of the program's commit.") var commit = "unknown: the run was started by hand"
    @Option(help: "The file of another run's state to start from.") var from: String?
    @Option(
        help: "A moment at which another run will start from this one's state.",
        transform: { name in
            guard let moment = TrainingMoment(name: name) else { throw ValidationError("--fork \(name): is no moment") }
            return moment
        })
    var fork: [TrainingMoment] = []
    @Flag(help: "Waits for another process that makes the same run, and leaves alone what that has come to.") var wait = false
    @Flag(help: "Writes TensorBoard's event file too.") var tensorboard = false
    @OptionGroup var data: DataOptions

    func run() throws {
        let stop = StopRequest()
        stop.watchSignals(heedsNohup: false)
        stop.watchParent()
        let worker = RunWorker(folder: folder, library: data.library, commit: commit)
        if let probe {
            try worker.probe(seconds: probe)
        } else {
            do {
                try worker.train(row: row, from: from, forks: fork, isWaiting: wait, recordsEvents: tensorboard) { stop.isPending }
            } catch is TrainingStopped {
                throw ExitCode(stop.status ?? EXIT_FAILURE)
            }
        }
    }
}
