import ArgumentParser
import Documents
import Runs

/// Where runs are made.
struct LauncherOptions: ParsableArguments {
    enum Name: String, CaseIterable, ExpressibleByArgument {
        case local
        case slurm
    }

    @Option(help: "Where the runs are made: on this machine, or as a job array of Slurm's.")
    var launcher = Name.local

    @Option(help: ArgumentHelp("Slurm: the partition.", valueName: "name"))
    var partition: String?

    @Option(help: ArgumentHelp("Slurm: the account.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("Slurm: the time limit of a task; a run that needs more goes on in the next.", valueName: "time"))
    var time: String?

    @Option(help: ArgumentHelp("Slurm: the memory of a task.", valueName: "size"))
    var mem: String?

    @Option(help: ArgumentHelp("Slurm: the largest number of tasks side by side.", valueName: "n"))
    var arrayLimit: Int?

    @Option(
        name: .customLong("slurm-option"),
        help: ArgumentHelp("Slurm: another option of sbatch, without its dashes. (repeatable)", valueName: "key=value"))
    var others: [String] = []

    @Flag(help: "Slurm: returns when the jobs are in the queue; 'ablate status' tells how far they are.")
    var detach = false

    func validate() throws {
        do {
            _ = try slurmOptions
        } catch let error as InputError {
            throw ValidationError(error.message)
        }
        guard launcher == .local else { return }
        let given: [(String, Bool)] = [
            ("--partition", partition != nil), ("--account", account != nil), ("--time", time != nil), ("--mem", mem != nil),
            ("--array-limit", arrayLimit != nil), ("--slurm-option", !others.isEmpty), ("--detach", detach),
        ]
        if let option = given.first(where: \.1)?.0 { throw ValidationError("\(option): needs --launcher slurm") }
    }

    var slurmOptions: SlurmOptions {
        get throws {
            try SlurmOptions(
                partition: partition, account: account, time: time, memory: mem, arrayLimit: arrayLimit, others: others, isDetached: detach)
        }
    }
}
