import Corpus
import Foundation
import Kernels
import Optimizers
import Regularizers

/// Trains one model from first weights to its test figure: the main stage, then fine-tuning.
public final class Trainer {
    let schedule: TrainingSchedule
    let corpus: Corpus
    private let seed: UInt64
    let directory: URL?
    let model: LanguageModel
    let pass: WindowPass
    private let streams: TokenStreams
    private let evaluator: Evaluator
    private let clipping: GradientClipping

    var windowLength: VariableLengthBPTT
    var optimizer: any Optimizer
    var best: BestWeights
    var state: TrainingState
    private var lastSave = Date()
    private var start = Date()

    /// Where the best model is written, in the run's folder.
    public static let checkpointName = "best.safetensors"
    /// The longest time in seconds between two training checkpoints.
    public var checkpointInterval = 300.0
    /// The epochs that are done, those before a checkpoint among them.
    public var epochs: [EpochMetrics] { state.epochs }
    /// What is known of the outcome so far.
    public var outcome: TrainingOutcome { state.outcome }

    /// - Parameters:
    ///   - seed: the one source of all randomness of the run.
    ///   - threads: of a matrix product.
    ///   - directory: where the best checkpoint is written; nil for nowhere.
    /// - Throws: `InputError` when a split has too few tokens for the schedule.
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
        state = TrainingState(trigger: NonMonotonicTrigger(interval: schedule.nonMonotonicInterval))
        state.outcome.parameters = model.parameters.count
    }

    /// Trains through both stages, or what is left of them after ``resume(from:)``, and measures the best checkpoint on validation and
    /// test text. A training checkpoint is written after each epoch and, within one, every ``checkpointInterval``.
    ///
    /// - Parameters:
    ///   - onProgress: called at most about twice a second.
    ///   - onEpoch: called after each epoch, when it is in ``epochs``.
    ///   - shouldStop: asked after each window; once true, a checkpoint is written and training ends there.
    /// - Returns: the figures; those of a diverged run have its status, the epoch and no perplexities.
    /// - Throws: ``TrainingStopped``; `InputError` when a split has too few tokens; an error of the file system.
    public func train(
        onProgress: (TrainingProgress) -> Void = { _ in }, onEpoch: (EpochMetrics) throws -> Void = { _ in },
        shouldStop: () -> Bool = { false }
    ) throws -> TrainingOutcome {
        start = Date()
        do {
            while !state.isFinished {
                let loss = try runEpoch(onProgress, shouldStop)
                decide(after: loss)
                try save()
                if let metrics = state.epochs.last { try onEpoch(metrics) }
            }
            model.parameters.flat.assign(best.weights)
            state.outcome.validationPerplexity = try evaluator.perplexity(of: corpus.validation, split: "validation text")
            state.outcome.testPerplexity = try Evaluator(model, batchSize: schedule.testBatchSize)
                .perplexity(of: corpus.test, split: "test text")
        } catch let divergence as Divergence {
            state.outcome.status = .diverged
            state.outcome.epochs = divergence.epoch
        }
        countTime()
        state.outcome.tokensPerSecond = state.trainingSeconds > 0 ? Double(state.trainedTokens) / state.trainingSeconds : 0
        return state.outcome
    }

    /// What follows an epoch with this validation loss. In the main stage: plain SGD until the loss stops improving; from then on
    /// averaged SGD, or a halved learning rate where `ntASGD` is off (Algorithm 1). Fine-tuning ends by the same criterion.
    private func decide(after loss: Double) {
        switch state.stage {
        case .main:
            if optimizer.average == nil, state.trigger.record(loss) {
                state.outcome.triggerEpoch = state.outcome.triggerEpoch ?? state.outcome.epochs
                if schedule.ntASGD {
                    optimizer = averaging()
                } else {
                    optimizer.learningRate /= 2
                    state.trigger.reset()
                }
            }
            guard state.outcome.epochs == schedule.epochs else { return }
            if schedule.fineTuning && schedule.fineTuningEpochs > 0 { beginFineTuning() } else { state.isFinished = true }
        case .fineTuning:
            state.isFinished = state.trigger.record(loss) || state.outcome.epochs == schedule.largestEpochs
        }
    }

    /// Starts again from the best weights, averaging from the first step. Without averaging (`ntASGD` off) it goes on at the
    /// learning rate reached.
    private func beginFineTuning() {
        state.stage = .fineTuning
        state.outcome.fineTuningEpoch = state.outcome.epochs + 1
        state.trigger.reset()
        model.parameters.flat.assign(best.weights)
        if schedule.ntASGD { optimizer = averaging() }
    }

    private func averaging() -> AveragedSGD {
        AveragedSGD(
            learningRate: optimizer.learningRate, weightDecay: schedule.weightDecay, count: model.parameters.count)
    }

    /// Trains for an epoch, or what is left of it, validates, keeps the best weights, and returns the validation loss.
    private func runEpoch(_ onProgress: (TrainingProgress) -> Void, _ shouldStop: () -> Bool) throws -> Double {
        if state.epoch == nil { state.outcome.epochs += 1 }
        let epoch = state.outcome.epochs
        let training = try trainEpoch { fraction, training in
            onProgress(TrainingProgress(
                stage: state.stage, epoch: epoch, epochs: schedule.largestEpochs,
                fraction: fraction, tokensPerSecond: training.tokensPerSecond, trainPerplexity: exp(training.meanLoss),
                validationPerplexity: best.lastLoss.map(exp)))
        } afterWindow: {
            if shouldStop() {
                try save()
                throw TrainingStopped()
            }
            if Date().timeIntervalSince(lastSave) > checkpointInterval { try save() }
        }
        let validationStart = Date()
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
        state.epochs.append(EpochMetrics(
            epoch: epoch, stage: state.stage, optimizer: optimizer.average == nil ? .sgd : .asgd,
            learningRate: Double(optimizer.learningRate), trainPerplexity: exp(training.meanLoss),
            validationRawPerplexity: exp(rawLoss), validationAveragedPerplexity: optimizer.average == nil ? nil : exp(loss),
            gradientNorm: training.gradientNorms / Double(training.steps),
            clipped: Double(training.clippedSteps) / Double(training.steps), tokensPerSecond: training.tokensPerSecond,
            seconds: training.seconds + Date().timeIntervalSince(validationStart)))
        return loss
    }

    /// The way of the data: windows of the training text, forward, back, and one step of the optimizer each.
    private func trainEpoch(
        onWindow: (_ fraction: Double, TrainingState.EpochState) throws -> Void, afterWindow: () throws -> Void = {}
    ) throws -> TrainingState.EpochState {
        var epoch = state.epoch ?? .init(recurrent: model.zeroState(batchSize: schedule.batchSize))
        let start = Date().addingTimeInterval(-epoch.seconds)
        var lastReport = Date()
        // A remainder of fewer than two steps is dropped: TAR needs two.
        while epoch.position + 2 < streams.length {
            let (length, learningRateScale) = windowLength.draw()
            let window = streams.window(at: epoch.position, length: length)
            pass.techniques.draw()
            let (loss, after) = pass.lossAndGradients(window, state: epoch.recurrent)
            let norm = pass.gradients.flat.sumOfSquares.squareRoot()
            guard loss.total.isFinite, norm.isFinite else { throw Divergence(epoch: state.outcome.epochs) }
            let clip = clipping.factor(norm: norm)
            optimizer.step(
                model.parameters.flat, gradients: pass.gradients.flat, clip: clip, learningRateScale: learningRateScale)
            epoch.recurrent = after
            epoch.position += window.length
            epoch.tokens += window.targets.count
            epoch.loss += loss.crossEntropy * Double(window.targets.count)
            epoch.steps += 1
            epoch.clippedSteps += clip < 1 ? 1 : 0
            epoch.gradientNorms += norm
            let now = Date()
            epoch.seconds = now.timeIntervalSince(start)
            state.epoch = epoch
            if now.timeIntervalSince(lastReport) > 0.5 {
                lastReport = now
                try onWindow(Double(epoch.position) / Double(streams.length), epoch)
            }
            try afterWindow()
        }
        guard epoch.meanLoss <= Divergence.largestMeanLoss(vocabularySize: model.vocabularySize) else {
            throw Divergence(epoch: state.outcome.epochs)
        }
        state.trainedTokens += epoch.tokens
        state.trainingSeconds += epoch.seconds
        state.epoch = nil
        return epoch
    }

    /// Writes a training checkpoint into the run's folder, where there is one.
    private func save() throws {
        guard let directory else { return }
        countTime()
        try writeState(to: directory.appendingPathComponent(Self.stateName))
        lastSave = Date()
    }

    private func countTime() {
        let now = Date()
        state.outcome.seconds += now.timeIntervalSince(start)
        start = now
    }

    private func validationLoss() throws -> Double {
        let limit = schedule.validationTokens == 0 ? corpus.validation.count : schedule.validationTokens
        let loss = try evaluator.meanLoss(of: Array(corpus.validation.prefix(limit)), split: "validation text")
        guard loss.isFinite else { throw Divergence(epoch: state.outcome.epochs) }
        return loss
    }

    private func keepIfBest(_ loss: Double) throws {
        guard best.keep(model.parameters.flat, loss: loss) else { return }
        state.outcome.bestEpoch = state.outcome.epochs
        guard let directory else { return }
        try Checkpoint.write(
            model, metadata: .init(epoch: state.outcome.epochs, vocabularyDigest: corpus.vocabulary.digest),
            to: directory.appendingPathComponent(Self.checkpointName))
    }

    /// Training tokens a second, measured for about `seconds`. The weights change: use a trainer made for the probe.
    public func probe(seconds: Double) throws -> Double {
        struct Enough: Error {}
        let start = Date()
        var rate = 0.0
        do {
            while true {
                rate = try trainEpoch { _, training in
                    rate = training.tokensPerSecond
                    if Date().timeIntervalSince(start) > seconds { throw Enough() }
                }.tokensPerSecond
                if Date().timeIntervalSince(start) > seconds { throw Enough() }
            }
        } catch is Enough {
            return rate
        }
    }
}
