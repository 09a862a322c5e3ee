import ArgumentParser

/// The command line.
struct Ablate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Trains LSTM, GRU and QRNN language models and shows which regularizer earns its keep.",
        discussion: """
            Without a subcommand, runs the removal table: the full model and, row by row, the model without one technique.

            The exit code is 0 on success; 1 when a run failed, and 64 for wrong usage, 65 for wrong data, 71 for want of memory or a thread, \
            74 for input and output that failed. Asked to end by a signal, it is 128 and the signal's number: 130 for Ctrl-C, 143 for SIGTERM.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, SweepCommand.self, StatusCommand.self, CancelCommand.self, ReportCommand.self, RowsCommand.self, InfoCommand.self, SpectrumCommand.self, EvalCommand.self, GenerateCommand.self, VerifyCommand.self, DataCommand.self,
            BenchCommand.self, TrainRunCommand.self, SlurmTaskCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
