import Configurations
import Documents
import Foundation
import Kernels
import LanguageModel
import Recurrent

/// The benchmark of one size, cell and number of threads.
struct BenchmarkLine {
    /// The sizes that a benchmark is about; each is a profile.
    enum Size: String, CaseIterable {
        case paper
        case quick

        /// V: of Penn Treebank, and of the part of it that the quick profile trains on.
        var vocabularySize: Int { self == .paper ? 10_000 : 3_779 }
    }

    let size: Size
    let benchmark: Benchmark
    let result: Benchmark.Result

    /// What tells it from other lines.
    private var names: [String] {
        [size.rawValue, benchmark.model.cell.rawValue, String(benchmark.threads), benchmark.model.precision.rawValue]
    }

    /// All lines with every figure.
    static func csv(_ lines: [BenchmarkLine]) -> CSV {
        CSV(
            header: [
                "size", "cell", "threads", "precision", "products", "windows", "embedding_size", "hidden_size", "layers", "batch_size", "window_length",
                "vocabulary", "tokens_per_s", "tokens_per_s_min", "tokens_per_s_max", "evaluated_tokens_per_s", "flop_per_token",
                "roof_gflop_per_s", "fraction_of_roof", "peak_memory_mb",
            ] + StepPart.allCases.map { "share_\($0.rawValue)" },
            records: lines.map { line in
                let (model, schedule, result) = (line.benchmark.model, line.benchmark.schedule, line.result)
                let sizes = [
                    line.benchmark.windows, model.embeddingSize, model.hiddenSize, model.layers, schedule.batchSize,
                    schedule.windowLength, line.benchmark.vocabularySize,
                ]
                let rate = result.tokensPerSecond
                return line.names + [ProductPath.preferred(for: model.precision).rawValue] + sizes.map(String.init)
                    + [rate.median, rate.minimum, rate.maximum, result.evaluatedTokensPerSecond.median].map { $0.text(1) }
                    + [result.floatingPointOperationsPerToken.text(0), result.roof.text(1), result.fractionOfRoof.text(3)]
                    + [(Double(result.peakMemory) / 1e6).text(0)]
                    + StepPart.allCases.map { (result.shares[$0] ?? 0).text(3) }
            })
    }

    /// The speeds and, below, where the time goes.
    ///
    /// - Parameter width: number of columns of the terminal; nil for no bound.
    static func text(_ lines: [BenchmarkLine], width: Int?) -> String {
        let speeds = lines.map { line in
            let (result, rate) = (line.result, line.result.tokensPerSecond)
            return line.names + [
                rate.median.text(0),
                "\(rate.minimum.text(0))–\(rate.maximum.text(0))", (result.floatingPointOperationsPerToken / 1e6).text(1),
                result.roof.text(0), "\((100 * result.fractionOfRoof).text(0)) %",
                (result.evaluatedTokensPerSecond.median / rate.median).text(2), (Double(result.peakMemory) / 1e6).text(0),
            ]
        }
        let shares = lines.map { line in
            line.names + StepPart.allCases.map { (100 * (line.result.shares[$0] ?? 0)).text(1) }
        }
        return AlignedText.table(
            [["size", "cell", "threads", "precision", "tokens/s", "least–most", "MFLOP/token", "roof GFLOP/s", "of roof", "evaluation ×", "memory MB"]]
                + speeds, leftAligned: [0, 1, 3], repeated: 4, width: width)
            + "\n" + AlignedText.wrapped("where a step's time goes, in per cent\n", width: width)
            + AlignedText.table(
                [["size", "cell", "threads", "precision"] + StepPart.allCases.map(\.rawValue)] + shares, leftAligned: [0, 1, 3], repeated: 4, width: width)
    }
}
