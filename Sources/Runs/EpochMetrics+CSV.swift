import Documents
import LanguageModel

extension EpochMetrics {
    /// The content of `epochs.csv`.
    ///
    /// - Parameter outcome: of the run so far; says after which epoch the criterion first fired, and which is the best.
    static func csv(_ epochs: [EpochMetrics], outcome: TrainingOutcome) -> CSV {
        CSV(
            header: [
                "epoch", "stage", "optimizer", "learning_rate", "train_ppl", "valid_raw_ppl", "valid_averaged_ppl", "trigger", "best",
                "gradient_norm", "clipped", "tokens_per_s", "seconds",
            ],
            records: epochs.map { epoch in
                [
                    String(epoch.epoch), epoch.stage.rawValue, epoch.optimizer.rawValue, Float(epoch.learningRate).shortText,
                    epoch.trainPerplexity.text(4), epoch.validationRawPerplexity.text(4), epoch.validationAveragedPerplexity.text(4),
                    String(epoch.epoch == outcome.triggerEpoch), String(epoch.epoch == outcome.bestEpoch),
                    epoch.gradientNorm.text(4), epoch.clipped.text(4), epoch.tokensPerSecond.text(1), epoch.seconds.text(1),
                ]
            })
    }
}
