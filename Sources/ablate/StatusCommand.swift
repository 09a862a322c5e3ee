import ArgumentParser
import Configurations
import Documents
import Runs

/// How far the runs of a folder are, wherever they are made.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tells how far the runs of an output folder are, from any machine that sees it, and writes its tables anew.")

    @Argument(help: ArgumentHelp("An output folder of 'run' or 'sweep'.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("The folder Configs, or the one that holds Configs and Ablations.", valueName: "dir"))
    var configs: String?

    func run() throws {
        let store = RunStore(folder: folder)
        let status = try TableStatus(of: store)
        print(status.text(width: Terminal.standardOutput.width), terminator: "")
        print(AlignedText.wrapped(status.summary, width: Terminal.standardOutput.width))
        if let silence = status.silence { StandardError.line("Slurm cannot be asked from here: \(silence)") }
        if let machine = try store.collect(published: try ProjectFiles(configs: configs).published()) {
            StandardError.line("A command on \(machine) is at work in this folder; it writes the tables.")
        }
    }
}

/// Takes the jobs of a folder out of Slurm.
struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancels the Slurm jobs of an output folder; what runs writes a checkpoint first.")

    @Argument(help: ArgumentHelp("An output folder of 'run --launcher slurm'.", valueName: "dir"))
    var folder: String

    func run() throws {
        let store = RunStore(folder: folder)
        // A wrong folder is told of.
        _ = try TableStatus(of: store)
        let jobs = try SlurmLauncher.cancel(in: store)
        print(jobs.isEmpty ? "There is nothing to cancel." : "Cancelled: job \(jobs.joined(separator: ", ")). 'ablate run' with the same options goes on.")
    }
}
