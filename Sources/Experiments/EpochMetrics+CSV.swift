import LanguageModel

extension EpochMetrics {
    /// The content of `epochs.csv`.
    static func csv(_ epochs: [EpochMetrics]) -> CSV {
        CSV(
            header: [
                "epoch", "stage", "optimizer", "learning_rate", "train_ppl", "valid_raw_ppl", "valid_averaged_ppl", "tokens_per_s",
                "seconds",
            ],
            records: epochs.map { epoch in
                [
                    String(epoch.epoch), epoch.stage.rawValue, epoch.optimizer.rawValue, Float(epoch.learningRate).shortText,
                    epoch.trainPerplexity.text(4), epoch.validationRawPerplexity.text(4), epoch.validationAveragedPerplexity.text(4),
                    epoch.tokensPerSecond.text(1), epoch.seconds.text(1),
                ]
            })
    }
}
