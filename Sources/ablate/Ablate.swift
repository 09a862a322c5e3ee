import ArgumentParser

/// The command line.
struct Ablate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Trains LSTM, GRU and QRNN language models and shows which regularizer earns its keep.",
        discussion: "Without a subcommand, runs the removal table: the full model and, row by row, the model without one technique.",
        version: "0.1.0",
        subcommands: [
            RunCommand.self, SweepCommand.self, StatusCommand.self, CancelCommand.self, ReportCommand.self, RowsCommand.self, InfoCommand.self, SpectrumCommand.self, EvalCommand.self, VerifyCommand.self, DataCommand.self,
            BenchCommand.self, TrainRunCommand.self, SlurmTaskCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
