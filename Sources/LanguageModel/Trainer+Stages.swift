import Optimizers

extension Trainer {
    /// What follows an epoch with this validation loss. In the main stage: plain SGD until the loss stops improving; from then on
    /// averaged SGD, or a halved learning rate where `ntASGD` is off (Algorithm 1). Fine-tuning ends by the same criterion.
    func decide(after loss: Double) {
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
}
