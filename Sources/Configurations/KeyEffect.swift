import LanguageModel

/// When the value of a key first matters in a run, so that runs which differ in it are the same until then.
///
/// This is the one place that knows it; each ``ConfigurationKey`` declares which it is.
enum KeyEffect: Sendable {
    /// From the first step on, or one cannot tell.
    case atOnce
    /// It decides what follows from the criterion in the main stage, or what fine-tuning begins with.
    case whenTheCriterionFires
    /// It is the criterion's n: the criterion with the smaller one fires first, or both at the same judgement.
    case whenTheSmallestFires
    /// It decides whether there is a second stage.
    case afterTheMainStage
    /// It is the number of epochs of the main stage: once the fewest are over.
    case afterEpochs
    /// The same of the second stage.
    case afterFineTuningEpochs
    /// It matters only when training has ended.
    case afterTraining

    /// The last moment up to which two runs go the same way that differ in the key, as far as it goes by that key alone.
    ///
    /// - Parameters:
    ///   - origin: of the run that comes to the moment by itself.
    ///   - branch: of the run that goes on from there.
    /// - Returns: nil where the runs differ from the start, or that run does not notice the moment.
    func moment(_ origin: TrainingSchedule, _ branch: TrainingSchedule) -> TrainingMoment? {
        let main = min(origin.epochs, branch.epochs)
        // Where the weights are not judged after each epoch, they are where a stage ends, and there only in the run whose stage it is.
        let isJudged = origin.loggingInterval == 0
        switch self {
        case .atOnce: return nil
        case .whenTheCriterionFires: return TrainingMoment(isCriterion: true, epoch: main)
        case .whenTheSmallestFires:
            return origin.nonMonotonicInterval < branch.nonMonotonicInterval ? TrainingMoment(isCriterion: true, epoch: main) : nil
        case .afterTheMainStage: return TrainingMoment(epoch: main)
        case .afterEpochs: return TrainingMoment(epoch: main, isJudged: isJudged)
        case .afterFineTuningEpochs:
            guard origin.fineTuning, branch.fineTuning else { return .end }
            return TrainingMoment(epoch: main + min(origin.fineTuningEpochs, branch.fineTuningEpochs), isJudged: isJudged)
        case .afterTraining: return .end
        }
    }
}

extension Configuration {
    /// The last moment up to which a run with this configuration and one with another go the same way, so that the other can go on from
    /// there; nil where they differ from the start, the seed among all else.
    public func lastCommonMoment(with branch: Configuration) -> TrainingMoment? {
        ConfigurationKey.all.filter { $0.text(in: self) != $0.text(in: branch) }.reduce(TrainingMoment.end) { moment, key in
            key.effect.moment(schedule, branch.schedule).flatMap { moment?.or($0) }
        }
    }
}
