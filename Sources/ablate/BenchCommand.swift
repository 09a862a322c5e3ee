import ArgumentParser
import Configurations
import Foundation
import Kernels
import LanguageModel
import Recurrent
import Runs

/// How fast training is on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures training tokens/s beside the roof of the machine's matrix products, and where the time goes.",
        discussion: "Trains on made-up text, so that no corpus is needed. Run it with nothing else on the machine.")

    @Option(help: ArgumentHelp("paper or quick; both when left out.", valueName: "size"))
    var size: BenchmarkLine.Size?

    @Option(help: "The recurrent cell: lstm, gru or qrnn; all when left out.")
    var cell: CellKind?

    @Option(help: ArgumentHelp("Numbers of threads, as in 1,2. (default: 1, and the number of cores that there are for this process)", valueName: "n,…"))
    var threads: String?

    @Option(help: "The precision: float32 or bfloat16; each that the processor can do when left out.")
    var precision: Precision?

    @Option(help: ArgumentHelp("Windows that are timed; as many products make the roof, at most 7.", valueName: "n"))
    var windows = 7

    @Option(help: ArgumentHelp("Number of words; that of the size when left out.", valueName: "n"))
    var vocabulary: Int?

    @Option(name: .customLong("set"), help: ArgumentHelp("Sets a configuration key. (repeatable)", valueName: "key=value"))
    var assignments: [String] = []

    @Option(help: ArgumentHelp("Writes all figures to this file.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("The folder Configs, or the one that holds Configs and Ablations.", valueName: "dir"))
    var configs: String?

    private static let windowsRange = 1...1_000_000
    private static let vocabularyRange = 2...100_000_000

    func validate() throws {
        guard Self.windowsRange.contains(windows) else {
            throw ValidationError("--windows \(windows): must be from 1 to \(Self.windowsRange.upperBound)")
        }
        if let vocabulary, !Self.vocabularyRange.contains(vocabulary) {
            throw ValidationError("--vocabulary \(vocabulary): must be from 2 to \(Self.vocabularyRange.upperBound)")
        }
        _ = try threadCounts()
    }

    func run() throws {
        let files = try ProjectFiles(configs: configs)
        var lines: [BenchmarkLine] = []
        for size in size.map({ [$0] }) ?? BenchmarkLine.Size.allCases {
            for cell in cell.map({ [$0] }) ?? CellKind.allCases {
                for threads in try threadCounts() {
                    for precision in precision.map({ [$0] }) ?? Precision.allCases.filter({ $0.missing == nil }) {
                        StandardError.line("\(size.rawValue), \(cell.rawValue), threads: \(threads), \(precision.rawValue)")
                        let configuration = try files.configuration(
                            dataset: "ptb", cell: cell, profile: size.rawValue,
                            assignments: assignments + ["threads=\(threads)", "precision=\(precision.rawValue)"])
                        let benchmark = Benchmark(
                            configuration.model, schedule: configuration.schedule, threads: threads,
                            vocabularySize: vocabulary ?? size.vocabularySize, windows: size == .quick ? 10 * windows : windows,
                            roofProducts: min(7, windows))
                        lines.append(BenchmarkLine(size: size, benchmark: benchmark, result: try benchmark.run()))
                    }
                }
            }
        }
        print(BenchmarkLine.text(lines, width: Terminal.standardOutput.width), terminator: "")
        if let csv { try BenchmarkLine.csv(lines).write(to: csv) }
    }

    private func threadCounts() throws -> [Int] {
        guard let threads else { return Array(Set([1, AvailableCores().count])).sorted() }
        return try threads.split(separator: ",", omittingEmptySubsequences: false).map {
            guard let count = Int($0), count > 0 else { throw ValidationError("--threads \(threads): must be numbers of at least 1, as in 1,2") }
            return count
        }
    }
}

extension BenchmarkLine.Size: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
