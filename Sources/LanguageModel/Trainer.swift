import Corpus
import Foundation
import Kernels
import Optimizers
import Regularizers

/// Trains one model from first weights to its test figure: the main stage, then fine-tuning.
public final class Trainer {
    private let schedule: TrainingSchedule
    private let corpus: Corpus
    private let seed: UInt64
    private let directory: URL?
    let model: LanguageModel
    private let pass: WindowPass
    private let streams: TokenStreams
    private let evaluator: Evaluator
    private let clipping: GradientClipping

    private var windowLength: VariableLengthBPTT
    private var optimizer: any Optimizer
    private var best: BestWeights
    private var outcome = TrainingOutcome()
    private var trainedTokens = 0
    private var trainingSeconds = 0.0

    /// Where the best model is written, in the run's folder.
    public static let checkpointName = "best.safetensors"

    /// - Parameters:
    ///   - seed: the one source of all randomness of the run.
    ///   - threads: of a matrix product.
    ///   - directory: where the best checkpoint is written; nil for nowhere.
    /// - Throws: `CorpusError` when a split has too few tokens for the schedule.
    public init(
        model configuration: ModelConfiguration, schedule: TrainingSchedule, corpus: Corpus, seed: UInt64, threads: Int,
        directory: URL?
    ) throws {
        BLASLibrary.threads = threads
        self.schedule = schedule
        self.corpus = corpus
        self.seed = seed
        self.directory = directory
        let strengths = configuration.regularization
        windowLength = VariableLengthBPTT(
            isOn: strengths.variableLengthBPTT, baseLength: schedule.windowLength,
            stream: RandomStream(seed: seed, name: "variable-length-bptt"))
        streams = try schedule.streams(of: corpus)
        model = try LanguageModel(configuration, vocabularySize: corpus.vocabulary.count, seed: seed)
        pass = WindowPass(
            model, batchSize: schedule.batchSize, maximumLength: windowLength.maximumLength,
            techniques: Techniques(
                configuration, strengths: strengths, vocabularySize: model.vocabularySize, batchSize: schedule.batchSize,
                seed: seed))
        evaluator = Evaluator(model, batchSize: schedule.validationBatchSize)
        clipping = GradientClipping(maximumNorm: schedule.gradientClipping)
        optimizer = SGD(learningRate: schedule.learningRate, weightDecay: schedule.weightDecay)
        best = BestWeights(count: model.parameters.count)
        outcome.parameters = model.parameters.count
    }

    /// Trains through both stages and measures the best checkpoint on validation and test text.
    ///
    /// - Parameters:
    ///   - onProgress: called at most about twice a second.
    ///   - onEpoch: called after each epoch.
    /// - Returns: the figures; those of a diverged run have its status, the epoch and no perplexities.
    public func train(
        onProgress: (TrainingProgress) -> Void = { _ in }, onEpoch: (EpochMetrics) throws -> Void = { _ in }
    ) throws -> TrainingOutcome {
        let start = Date()
        do {
            try runMainStage(onProgress, onEpoch)
            if schedule.fineTuning { try runFineTuning(onProgress, onEpoch) }
            model.parameters.flat.assign(best.weights)
            outcome.validationPerplexity = try evaluator.perplexity(of: corpus.validation, split: "validation text")
            outcome.testPerplexity = try Evaluator(model, batchSize: schedule.testBatchSize)
                .perplexity(of: corpus.test, split: "test text")
        } catch let divergence as Divergence {
            outcome.status = .diverged
            outcome.epochs = divergence.epoch
        }
        outcome.tokensPerSecond = trainingSeconds > 0 ? Double(trainedTokens) / trainingSeconds : 0
        outcome.seconds = Date().timeIntervalSince(start)
        return outcome
    }

    /// Plain SGD, until the validation loss stops improving; from then on averaged SGD, or a halved learning rate where
    /// `ntASGD` is off (Algorithm 1).
    private func runMainStage(_ onProgress: (TrainingProgress) -> Void, _ onEpoch: (EpochMetrics) throws -> Void) throws {
        var trigger = NonMonotonicTrigger(interval: schedule.nonMonotonicInterval)
        for _ in 0..<schedule.epochs {
            let loss = try runEpoch(.main, onProgress, onEpoch)
            guard optimizer.average == nil, trigger.record(loss) else { continue }
            outcome.triggerEpoch = outcome.triggerEpoch ?? outcome.epochs
            if schedule.ntASGD {
                optimizer = averaging()
            } else {
                optimizer.learningRate /= 2
                trigger.reset()
            }
        }
    }

    /// Starts again from the best weights, averaging from the first step, until the same criterion fires. Without
    /// averaging (`ntASGD` off) it goes on at the learning rate reached.
    private func runFineTuning(_ onProgress: (TrainingProgress) -> Void, _ onEpoch: (EpochMetrics) throws -> Void) throws {
        guard schedule.fineTuningEpochs > 0 else { return }
        outcome.fineTuningEpoch = outcome.epochs + 1
        model.parameters.flat.assign(best.weights)
        if schedule.ntASGD { optimizer = averaging() }
        var trigger = NonMonotonicTrigger(interval: schedule.nonMonotonicInterval)
        for _ in 0..<schedule.fineTuningEpochs {
            if trigger.record(try runEpoch(.fineTuning, onProgress, onEpoch)) { break }
        }
    }

    private func averaging() -> AveragedSGD {
        AveragedSGD(
            learningRate: optimizer.learningRate, weightDecay: schedule.weightDecay, count: model.parameters.count)
    }

    /// Trains for an epoch, validates, keeps the best weights, and returns the validation loss.
    private func runEpoch(
        _ stage: TrainingStage, _ onProgress: (TrainingProgress) -> Void, _ onEpoch: (EpochMetrics) throws -> Void
    ) throws -> Double {
        let start = Date()
        outcome.epochs += 1
        let epoch = outcome.epochs
        let training = try trainEpoch { fraction, tokensPerSecond, loss in
            onProgress(TrainingProgress(
                stage: stage, epoch: epoch, epochs: schedule.largestEpochs,
                fraction: fraction, tokensPerSecond: tokensPerSecond, trainPerplexity: exp(loss),
                validationPerplexity: best.lastLoss.map(exp)))
        }
        let rawLoss = try validationLoss()
        var loss = rawLoss
        if let average = optimizer.average {
            model.parameters.flat.exchange(with: average)
            loss = try validationLoss()
            try keepIfBest(loss)
            model.parameters.flat.exchange(with: average)
        } else {
            try keepIfBest(loss)
        }
        try onEpoch(EpochMetrics(
            epoch: epoch, stage: stage, optimizer: optimizer.average == nil ? .sgd : .asgd,
            learningRate: Double(optimizer.learningRate), trainPerplexity: exp(training.loss),
            validationRawPerplexity: exp(rawLoss), validationAveragedPerplexity: optimizer.average == nil ? nil : exp(loss),
            tokensPerSecond: training.tokensPerSecond, seconds: Date().timeIntervalSince(start)))
        return loss
    }

    /// The way of the data: windows of the training text, forward, back, and one step of the optimizer each.
    private func trainEpoch(
        onWindow: (_ fraction: Double, _ tokensPerSecond: Double, _ loss: Double) throws -> Void
    ) throws -> (loss: Double, tokensPerSecond: Double) {
        let start = Date()
        var lastReport = start
        var state = model.zeroState(batchSize: schedule.batchSize)
        var (position, tokens, total) = (0, 0, 0.0)
        // A remainder of fewer than two steps is dropped: TAR needs two.
        while position + 2 < streams.length {
            let (length, learningRateScale) = windowLength.draw()
            let window = streams.window(at: position, length: length)
            pass.techniques.draw()
            let (loss, after) = pass.lossAndGradients(window, state: state)
            let norm = pass.gradients.flat.sumOfSquares.squareRoot()
            guard loss.total.isFinite, norm.isFinite else { throw Divergence(epoch: outcome.epochs) }
            optimizer.step(
                model.parameters.flat, gradients: pass.gradients.flat, clip: clipping.factor(norm: norm),
                learningRateScale: learningRateScale)
            state = after
            position += window.length
            tokens += window.targets.count
            total += loss.crossEntropy * Double(window.targets.count)
            let now = Date()
            if now.timeIntervalSince(lastReport) > 0.5 {
                lastReport = now
                try onWindow(
                    Double(position) / Double(streams.length), Double(tokens) / now.timeIntervalSince(start), total / Double(tokens))
            }
        }
        let (mean, seconds) = (total / Double(tokens), Date().timeIntervalSince(start))
        guard mean <= Divergence.largestMeanLoss(vocabularySize: model.vocabularySize) else {
            throw Divergence(epoch: outcome.epochs)
        }
        trainedTokens += tokens
        trainingSeconds += seconds
        return (mean, Double(tokens) / seconds)
    }

    private func validationLoss() throws -> Double {
        let limit = schedule.validationTokens == 0 ? corpus.validation.count : schedule.validationTokens
        let loss = try evaluator.meanLoss(of: Array(corpus.validation.prefix(limit)), split: "validation text")
        guard loss.isFinite else { throw Divergence(epoch: outcome.epochs) }
        return loss
    }

    private func keepIfBest(_ loss: Double) throws {
        guard best.keep(model.parameters.flat, loss: loss) else { return }
        outcome.bestEpoch = outcome.epochs
        guard let directory else { return }
        try Checkpoint.write(
            model, metadata: .init(epoch: outcome.epochs, vocabularyDigest: corpus.vocabulary.digest),
            to: directory.appendingPathComponent(Self.checkpointName))
    }

    /// Training tokens a second, measured for about `seconds`. The weights change: use a trainer made for the probe.
    public func probe(seconds: Double) throws -> Double {
        struct Enough: Error {}
        let start = Date()
        var rate = 0.0
        do {
            while true {
                rate = try trainEpoch { _, tokensPerSecond, _ in
                    rate = tokensPerSecond
                    if Date().timeIntervalSince(start) > seconds { throw Enough() }
                }.tokensPerSecond
                if Date().timeIntervalSince(start) > seconds { throw Enough() }
            }
        } catch is Enough {
            return rate
        }
    }
}
