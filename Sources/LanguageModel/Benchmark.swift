import Corpus
import Foundation
import Kernels
import Optimizers
import Recurrent

/// Measures training steps on made-up text: speed, the part of it that is arithmetic, where the time goes, memory.
public struct Benchmark: Sendable {
    /// Median, least and most of some measurements.
    public struct Spread: Equatable, Sendable {
        public let median, minimum, maximum: Double

        /// - Parameter values: at least one.
        public init(_ values: [Double]) {
            let sorted = values.sorted()
            let middle = sorted.count / 2
            median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
            minimum = sorted[0]
            maximum = sorted[sorted.count - 1]
        }
    }

    /// What was measured.
    public struct Result: Sendable {
        /// Training tokens a second, over windows.
        public let tokensPerSecond: Spread
        /// Evaluated tokens a second, over windows.
        public let evaluatedTokensPerSecond: Spread
        /// A square product of the same precision and threads, in GFLOP/s.
        public let roof: Double
        /// In matrix products, from the shapes.
        public let floatingPointOperationsPerToken: Double
        /// Part of a step's time, by part; what is left over is copying and bookkeeping.
        public let shares: [StepPart: Double]
        /// Largest resident memory of the process meanwhile, in bytes.
        public let peakMemory: Int

        /// Arithmetic of training over what the roof allows.
        public var fractionOfRoof: Double { tokensPerSecond.median * floatingPointOperationsPerToken / (roof * 1e9) }
    }

    /// Windows that go before those that are timed.
    private static let warmUp = 2

    public let model: ModelConfiguration
    public let schedule: TrainingSchedule
    public let threads: Int
    public let vocabularySize: Int
    /// Number of windows that are timed.
    public let windows: Int
    /// Number of products of which the roof is the median.
    public let roofProducts: Int

    public init(
        _ model: ModelConfiguration, schedule: TrainingSchedule, threads: Int, vocabularySize: Int, windows: Int, roofProducts: Int = 7
    ) {
        self.model = model
        self.schedule = schedule
        self.threads = threads
        self.vocabularySize = vocabularySize
        self.windows = windows
        self.roofProducts = roofProducts
    }

    /// Runs the benchmark.
    ///
    /// - Throws: `LinearAlgebraError` when an initial matrix could not be made; `InputError` when the machine cannot do the precision.
    public func run() throws -> Result {
        try model.checkPrecision()
        BLASLibrary.threads = threads
        Self.resetPeakMemory()
        let model = try LanguageModel(self.model, vocabularySize: vocabularySize, seed: 1)
        let training = try measureTraining(model)
        let peakMemory = Self.peakMemory
        return Result(
            tokensPerSecond: training.rates, evaluatedTokensPerSecond: measureEvaluation(model), roof: roof(),
            floatingPointOperationsPerToken: model.configuration.floatingPointOperationsPerToken(vocabularySize: vocabularySize),
            shares: training.shares, peakMemory: peakMemory)
    }

    private func measureTraining(_ model: LanguageModel) throws -> (rates: Spread, shares: [StepPart: Double]) {
        let pass = WindowPass(
            model, batchSize: schedule.batchSize, maximumLength: schedule.windowLength,
            techniques: Techniques(
                model.configuration, strengths: model.configuration.regularization, vocabularySize: vocabularySize,
                batchSize: schedule.batchSize, seed: 1, maximumLength: schedule.windowLength))
        let clipping = GradientClipping(maximumNorm: schedule.gradientClipping)
        var optimizer = SGD(learningRate: schedule.learningRate, weightDecay: schedule.weightDecay)
        var state = model.zeroState(batchSize: schedule.batchSize)
        func step(_ window: Window) {
            pass.techniques.draw()
            state = pass.lossAndGradients(window, state: state).state
            let norm = pass.gradients.flat.sumOfSquares.squareRoot()
            optimizer.step(
                model.parameters.flat, gradients: pass.gradients.flat, clip: clipping.factor(norm: norm), learningRateScale: 1)
        }
        let (rates, shares) = StepProfile.record { timed(batchSize: schedule.batchSize, step) }
        return (rates, shares)
    }

    private func measureEvaluation(_ model: LanguageModel) -> Spread {
        let batchSize = schedule.validationBatchSize
        let pass = WindowPass(
            model, batchSize: batchSize, maximumLength: schedule.windowLength, techniques: nil)
        var state = model.zeroState(batchSize: batchSize)
        return timed(batchSize: batchSize) { state = pass.loss($0, state: state).state }
    }

    /// Tokens a second of `body` over windows of random words, after some that are not counted.
    private func timed(batchSize: Int, _ body: (Window) -> Void) -> Spread {
        var stream = RandomStream(seed: 1, name: "benchmark")
        let length = schedule.windowLength
        func window() -> Window {
            let words = (0..<(length + 1) * batchSize).map { _ in Int32.random(in: 0..<Int32(vocabularySize), using: &stream) }
            return Window(
                inputs: Array(words.dropLast(batchSize)), targets: Array(words.dropFirst(batchSize)), length: length,
                batchSize: batchSize)
        }
        for _ in 0..<Self.warmUp { body(window()) }
        return Spread((0..<windows).map { _ in
            let window = window()
            let start = DispatchTime.now().uptimeNanoseconds
            body(window)
            return Double(length * batchSize) / (Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        })
    }

    /// GFLOP/s of a product of two matrices of 2,048 × 2,048 with whoever is faster.
    private func roof() -> Double {
        let size = 2048
        let (a, b, result) = (Matrix(rows: size, columns: size), Matrix(rows: size, columns: size), Matrix(rows: size, columns: size))
        a.fill(0.5)
        b.fill(0.25)
        return ProductPath.available.filter { $0.precision == model.precision }.map { path in
            multiply(a, b, into: result, path: path)
            return Spread((0..<roofProducts).map { _ in
                let start = DispatchTime.now().uptimeNanoseconds
                multiply(a, b, into: result, path: path)
                return 2 * Double(size * size * size) / Double(DispatchTime.now().uptimeNanoseconds - start)
            }).median
        }.max() ?? 0
    }

    /// Linux forgets the largest resident memory so far when 5 is written here; elsewhere the figure is that of the process.
    private static func resetPeakMemory() { try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs")) }

    private static var peakMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
