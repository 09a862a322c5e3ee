import Kernels
import Optimizers

extension Trainer {
    /// Whether the last window of the text is done, or none has begun. A remainder of fewer than two steps is dropped: TAR needs two.
    var isEpochOver: Bool { state.epoch.map { $0.position + 2 >= streams.length } ?? true }

    private var isStageOver: Bool {
        isEpochOver && state.outcome.epochs == (state.stage == .main ? schedule.epochs : schedule.largestEpochs)
    }

    /// Whether the weights are to be judged: after each ``TrainingSchedule/loggingInterval``, and where a stage's last epoch ends within
    /// one.
    var isIntervalOver: Bool {
        let steps = state.interval.steps
        guard steps > 0 else { return false }
        return schedule.loggingInterval == 0 ? isEpochOver : steps == schedule.loggingInterval || isStageOver
    }

    /// What follows a judgement with this validation loss. In the main stage: plain SGD until the loss stops improving; from then on
    /// averaged SGD, or a halved learning rate where `ntASGD` is off (Algorithm 1). Fine-tuning ends by the same criterion.
    func decide(after loss: Double) {
        switch state.stage {
        case .main:
            if optimizer.average == nil, state.trigger.record(loss) {
                state.outcome.triggerInterval = state.outcome.triggerInterval ?? state.intervals.count
                if let average {
                    optimizer = averaging(in: average)
                } else {
                    optimizer.learningRate = max(optimizer.learningRate / 2, min(schedule.smallestLearningRate, optimizer.learningRate))
                    state.trigger.reset()
                }
            }
            guard isStageOver else { return }
            if schedule.fineTuning && schedule.fineTuningEpochs > 0 { beginFineTuning() } else { state.isFinished = true }
        case .fineTuning:
            state.isFinished = state.trigger.record(loss) || isStageOver
        }
    }

    /// Starts again from the best weights, averaging from the first step. Without averaging (`ntASGD` off) it goes on at the
    /// learning rate reached.
    private func beginFineTuning() {
        state.stage = .fineTuning
        state.outcome.fineTuningEpoch = state.outcome.epochs + 1
        state.trigger.reset()
        model.parameters.flat.assign(best.weights)
        if let average { optimizer = averaging(in: average) }
    }

    private func averaging(in average: Matrix) -> AveragedSGD {
        AveragedSGD(learningRate: optimizer.learningRate, weightDecay: schedule.weightDecay, average: average)
    }
}
