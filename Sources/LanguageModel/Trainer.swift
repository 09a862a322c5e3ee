import Corpus
import Documents
import Foundation
import Kernels
import Optimizers
import Regularizers

/// Trains one model from first weights to its test figure: the main stage, then fine-tuning.
///
/// The way of the data is ``train(onProgress:onInterval:shouldStop:shouldStopJudging:)``, an interval of training and the judgement after it, again and
/// again; `trainInterval`, a window after another; and `trainWindow`, one step.
public final class Trainer {
    let schedule: TrainingSchedule
    let corpus: Corpus
    let directory: URL?
    let model: LanguageModel
    let pass: WindowPass
    let streams: TokenStreams
    private let evaluator: Evaluator
    private let clipping: GradientClipping

    var windowLength: VariableLengthBPTT
    var optimizer: any Optimizer
    var best: BestWeights
    /// [1, N]; where the averaged weights are to be kept, taken at the start so that a run never lacks the memory later. Nil where no
    /// weights are averaged.
    let average: Matrix?
    var state: TrainingState
    var saves = Pace(interval: 300)
    /// When the time began that is not yet in the outcome.
    var clock = Stopwatch()
    /// The moments at which this run's state is written for others, as far as they have not come.
    public var forks: [TrainingMoment] = []
    /// Called when the moment of a fork has come and its file, unless it could not be written, is there.
    public var onFork: (TrainingMoment) -> Void = { _ in }

    /// Where the best model is written, in the run's folder.
    public static let checkpointName = "best.safetensors"
    /// The longest time in seconds between two training checkpoints.
    public var checkpointInterval: Double {
        get { saves.interval }
        set { saves.interval = newValue }
    }
    /// The intervals that are done, those before a checkpoint among them.
    public var intervals: [IntervalMetrics] { state.intervals }
    /// What is known of the outcome so far.
    public var outcome: TrainingOutcome { state.outcome }
    /// The validation text, block by block, as the best checkpoint predicts it; empty before the end.
    public private(set) var validationBlocks: [TextBlock] = []

    /// - Parameters:
    ///   - seed: the one source of all randomness of the run.
    ///   - threads: of a matrix product.
    ///   - directory: where the best checkpoint is written; nil for nowhere.
    /// - Throws: `InputError` when a split has too few tokens for the schedule, or the machine cannot do the model's precision.
    public init(
        model configuration: ModelConfiguration, schedule: TrainingSchedule, corpus: Corpus, seed: UInt64, threads: Int,
        directory: URL?
    ) throws {
        try configuration.checkPrecision()
        BLASLibrary.threads = threads
        self.schedule = schedule
        self.corpus = corpus
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
                seed: seed, maximumLength: windowLength.maximumLength))
        evaluator = Evaluator(model, batchSize: schedule.validationBatchSize, memory: pass.memory)
        clipping = GradientClipping(maximumNorm: schedule.gradientClipping)
        optimizer = SGD(learningRate: schedule.learningRate, weightDecay: schedule.weightDecay)
        average = schedule.ntASGD ? Matrix(rows: 1, columns: model.parameters.count) : nil
        average?.fill(0)
        best = BestWeights(
            count: model.parameters.count, file: directory?.appendingPathComponent(Self.checkpointName),
            vocabularyDigest: corpus.vocabulary.digest)
        state = TrainingState(trigger: NonMonotonicTrigger(interval: schedule.nonMonotonicInterval))
        state.outcome.parameters = model.parameters.count
    }

    /// Trains through both stages, or what is left of them after ``resume(from:)``, and measures the best checkpoint on validation and
    /// test text. A training checkpoint is written after each judgement and, between two, every ``checkpointInterval``.
    ///
    /// - Parameters:
    ///   - onProgress: called at most about twice a second.
    ///   - onInterval: called after each interval and its judgement, when it is in ``intervals``.
    ///   - shouldStop: asked after each window; once true, a checkpoint is written and training ends there.
    ///   - shouldStopJudging: asked after each window of a judgement; once true, training ends with a checkpoint from before it.
    /// - Returns: the figures; those of a diverged run have its status, the epoch and no perplexities.
    /// - Throws: ``TrainingStopped``; `InputError` when a split has too few tokens; an error of the file system.
    public func train(
        onProgress: (TrainingProgress) -> Void = { _ in }, onInterval: (IntervalMetrics) throws -> Void = { _ in },
        shouldStop: () -> Bool = { false }, shouldStopJudging: () -> Bool = { false }
    ) throws -> TrainingOutcome {
        clock = Stopwatch()
        var reports = Pace(interval: 0.5)
        func stopIfAsked() throws { if shouldStopJudging() { throw TrainingStopped() } }
        takeMemory()
        do {
            while !state.isFinished {
                let loss = try state.judgedLoss ?? judge(trainInterval {
                    if reports.isDue(), let progress { onProgress(progress) }
                    if shouldStop() {
                        try save()
                        throw TrainingStopped()
                    }
                    if saves.isDue() { try save() }
                }, afterWindow: stopIfAsked)
                forkAfterJudgement(loss)
                decide(after: loss)
                try save()
                if let metrics = state.intervals.last { try onInterval(metrics) }
                // Checkpoint and files are written through texts that grow with the intervals; what these leave behind would add up.
                Buffer.returnFreedMemory()
            }
            forkAtEnd()
            model.parameters.flat.assign(best.weights)
            // The last checkpoint says that training is done.
            let validation = try evaluator.measure(corpus.validation, split: "validation text", afterWindow: stopIfAsked)
            state.outcome.validationPerplexity = exp(validation.meanLoss)
            validationBlocks = validation.blocks
            state.outcome.testPerplexity = try Evaluator(model, batchSize: schedule.testBatchSize, memory: pass.memory)
                .perplexity(of: corpus.test, split: "test text", afterWindow: stopIfAsked)
        } catch let divergence as Divergence {
            state.outcome.status = .diverged
            state.outcome.epochs = divergence.epoch
        }
        countTime()
        state.outcome.tokensPerSecond = state.trainingSeconds > 0 ? Double(state.trainedTokens) / state.trainingSeconds : 0
        return state.outcome
    }

    /// Goes through the longest window that comes in practice, without a step, and rehearses all others: a run has the memory for all of
    /// them, and for the kernels that are made for each, now, or not at all, and not after days.
    private func takeMemory() {
        let state = model.zeroState(batchSize: schedule.batchSize)
        let lengths = windowLength.lengthsInPractice
        func go(through length: Int) { _ = pass.lossAndGradients(streams.window(at: 0, length: length), state: state) }
        go(through: lengths.upperBound)
        Rehearsal.of { for length in lengths.dropLast() { go(through: length) } }
    }

    /// Trains until the weights are to be judged; of an interval under way, for what is left of it.
    ///
    /// - Returns: the sums over the interval's windows.
    func trainInterval(afterWindow: () throws -> Void) throws -> TrainingState.IntervalState {
        let clock = Stopwatch(after: state.interval.seconds)
        forkBeforeJudgement()
        while !isIntervalOver {
            try trainWindow()
            state.interval.seconds = clock.seconds
            forkBeforeJudgement()
            try afterWindow()
        }
        let interval = state.interval
        guard interval.meanLoss <= Divergence.largestMeanLoss(vocabularySize: model.vocabularySize) else {
            throw Divergence(epoch: state.outcome.epochs)
        }
        state.trainedTokens += interval.tokens
        state.trainingSeconds += interval.seconds
        state.interval = .init()
        return interval
    }

    /// Trains on the next window of the training text: forward, back, and one step of the optimizer.
    private func trainWindow() throws {
        let epoch = epochOfNextWindow()
        let (length, learningRateScale) = windowLength.draw()
        let window = streams.window(at: epoch.position, length: length)
        pass.techniques.draw()
        let (loss, after) = pass.lossAndGradients(window, state: epoch.recurrent)
        let norm = pass.gradients.flat.sumOfSquares.squareRoot()
        let clip = clipping.factor(norm: norm)
        guard loss.total.isFinite, norm.isFinite, loss.crossEntropy <= Divergence.largestWindowLoss(vocabularySize: model.vocabularySize),
            Double(optimizer.learningRate) * Double(learningRateScale) * Double(clip) * norm <= Divergence.largestStep
        else { throw Divergence(epoch: state.outcome.epochs) }
        optimizer.step(model.parameters.flat, gradients: pass.gradients.flat, clip: clip, learningRateScale: learningRateScale)
        state.interval.count(window, loss: loss.crossEntropy, norm: norm, isClipped: clip < 1)
        state.epoch = .init(position: epoch.position + window.length, recurrent: after)
    }

    /// The epoch under way or, where that is over, a new one: at the start of the text, with the recurrent state at zero.
    private func epochOfNextWindow() -> TrainingState.EpochState {
        if let epoch = state.epoch, !isEpochOver { return epoch }
        state.outcome.epochs += 1
        return .init(position: 0, recurrent: model.zeroState(batchSize: schedule.batchSize))
    }

    /// Measures the weights; when that is to stop, the interval is left to be judged when training goes on.
    private func judge(_ training: TrainingState.IntervalState, afterWindow: () throws -> Void) throws -> Double {
        do {
            return try validate(after: training, afterWindow: afterWindow)
        } catch let stopped as TrainingStopped {
            state.interval = training
            state.trainedTokens -= training.tokens
            state.trainingSeconds -= training.seconds
            try save()
            throw stopped
        }
    }

    /// Measures the weights, and the averaged ones where there are any, on validation text, keeps the best and writes the interval down.
    ///
    /// - Returns: the loss by which the weights are judged.
    private func validate(after training: TrainingState.IntervalState, afterWindow: () throws -> Void) throws -> Double {
        let clock = Stopwatch()
        let (average, epoch, interval) = (optimizer.average, state.outcome.epochs, state.intervals.count + 1)
        let isRawMeasured = average == nil || (schedule.validateRaw > 0 && interval % schedule.validateRaw == 0)
        let rawLoss = isRawMeasured ? try validationLoss(afterWindow) : nil
        if let average { model.parameters.flat.exchange(with: average) }
        defer { if let average { model.parameters.flat.exchange(with: average) } }
        let loss = try (average == nil ? rawLoss : nil) ?? validationLoss(afterWindow)
        if try best.keep(model, loss: loss, epoch: epoch) { state.outcome.bestInterval = interval }
        state.intervals.append(IntervalMetrics(
            interval: interval, epoch: epoch, steps: (state.intervals.last?.steps ?? 0) + training.steps, stage: state.stage,
            optimizer: average == nil ? .sgd : .asgd, learningRate: Double(optimizer.learningRate),
            trainPerplexity: exp(training.meanLoss), validationRawPerplexity: rawLoss.map(exp),
            validationAveragedPerplexity: average == nil ? nil : exp(loss),
            gradientNorm: training.gradientNorms / Double(training.steps),
            clipped: Double(training.clippedSteps) / Double(training.steps), tokensPerSecond: training.tokensPerSecond,
            seconds: training.seconds + clock.seconds))
        return loss
    }

    private func validationLoss(_ afterWindow: () throws -> Void) throws -> Double {
        let loss = try evaluator.meanLoss(of: schedule.judgedText(of: corpus), split: "validation text", afterWindow: afterWindow)
        guard loss.isFinite else { throw Divergence(epoch: state.outcome.epochs) }
        return loss
    }

    private var progress: TrainingProgress? {
        state.epoch.map { epoch in
            TrainingProgress(
                stage: state.stage, epoch: state.outcome.epochs, epochs: schedule.largestEpochs,
                fraction: Double(epoch.position) / Double(streams.length), tokensPerSecond: state.interval.tokensPerSecond,
                trainPerplexity: exp(state.interval.meanLoss), validationPerplexity: best.lastLoss.map(exp))
        }
    }
}
