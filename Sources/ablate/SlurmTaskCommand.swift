import ArgumentParser
import Runs

/// What a task of a Slurm array does.
struct SlurmTaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slurm-task", abstract: "Makes the run of one task of a Slurm array.", shouldDisplay: false)

    @Argument(help: "The output folder.") var folder: String
    @Argument(help: "The name of the job.") var name: String
    @Option(help: "What the manifest says of the program's commit.") var commit = "unknown: the run was started by hand"
    @Flag(help: "Writes TensorBoard's event file too.") var tensorboard = false
    @OptionGroup var data: DataOptions

    func run() async throws {
        let stop = StopRequest()
        stop.watchSignals(heedsNohup: false)
        let task = try SlurmTask(folder: folder, name: name)
        let status = try await task.run(
            library: data.library, dataArguments: data.arguments, commit: commit, recordsEvents: tensorboard, stop: stop, say: StandardError.write)
        if status != 0 { throw ExitCode(status) }
    }
}
