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

    /// Reads back a row of such a file; nil where it is none.
    init?(row: [String: String]) {
        func number(_ name: String) -> Double? { row[name].flatMap { Double($0) } }
        func count(_ name: String) -> Int? { row[name].flatMap { Int($0) } }
        guard let epoch = count("epoch"), let stage = row["stage"].flatMap(TrainingStage.init), let optimizer = row["optimizer"].flatMap(OptimizerKind.init),
            let learningRate = number("learning_rate"), let train = number("train_ppl")
        else { return nil }
        self.init(
            interval: count("interval") ?? epoch, epoch: epoch, steps: count("steps") ?? 0, stage: stage, optimizer: optimizer,
            learningRate: learningRate, trainPerplexity: train, validationRawPerplexity: number("valid_raw_ppl"),
            validationAveragedPerplexity: number("valid_averaged_ppl"), gradientNorm: number("gradient_norm") ?? 0,
            clipped: number("clipped") ?? 0, tokensPerSecond: number("tokens_per_s") ?? 0, seconds: number("seconds") ?? 0)
    }
}
