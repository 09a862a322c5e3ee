import Documents
import LanguageModel

extension IntervalMetrics {
    /// The content of `epochs.csv`, or of `intervals.csv` where the weights are not judged after each epoch.
    ///
    /// - Parameter outcome: of the run so far; says after which interval the criterion first fired, and which is the best.
    static func csv(_ intervals: [IntervalMetrics], schedule: TrainingSchedule, outcome: TrainingOutcome) -> CSV {
        let isByEpoch = schedule.loggingInterval == 0
        return CSV(
            header: (isByEpoch ? ["epoch"] : ["interval", "epoch", "steps"]) + [
                "stage", "optimizer", "learning_rate", "train_ppl", "valid_raw_ppl", "valid_averaged_ppl", "trigger", "best",
                "gradient_norm", "clipped", "tokens_per_s", "seconds",
            ],
            records: intervals.map { interval in
                (isByEpoch ? [interval.epoch] : [interval.interval, interval.epoch, interval.steps]).map { String($0) } + [
                    interval.stage.rawValue, interval.optimizer.rawValue, Float(interval.learningRate).shortText,
                    interval.trainPerplexity.text(4), interval.validationRawPerplexity.text(4),
                    interval.validationAveragedPerplexity.text(4), String(interval.interval == outcome.triggerInterval),
                    String(interval.interval == outcome.bestInterval), interval.gradientNorm.text(4), interval.clipped.text(4),
                    interval.tokensPerSecond.text(1), interval.seconds.text(1),
                ]
            })
    }
}
