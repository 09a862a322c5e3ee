import Corpus
import LanguageModel
import NaiveTwins
import Regularizers

/// A text that can be learned a little in no time: a noisy walk round the vocabulary.
enum SmallText {
    static let vocabularySize = 23

    static func tokens(_ count: Int, seed: UInt64) -> [Int32] {
        var random = NaiveRandom(seed: seed)
        var word: Int32 = 0
        return (0..<count).map { _ in
            let isNext = Int.random(in: 0..<10, using: &random) < 7
            let step = isNext ? 1 : Int.random(in: 0..<vocabularySize, using: &random)
            word = (word + Int32(step)) % Int32(vocabularySize)
            return word
        }
    }

    static func corpus(train: Int = 1201, validation: Int = 307, test: Int = 211) -> Corpus {
        Corpus(
            name: "small", vocabulary: Vocabulary((0..<vocabularySize).map { "w\($0)" }), train: tokens(train, seed: 1),
            validation: tokens(validation, seed: 2), test: tokens(test, seed: 3))
    }

    /// Two layers with every technique on.
    static var configuration: ModelConfiguration {
        var configuration = ModelConfiguration()
        configuration.embeddingSize = 6
        configuration.hiddenSize = 9
        configuration.layers = 2
        configuration.regularization = strengths
        return configuration
    }

    static var strengths: RegularizationStrengths {
        var strengths = RegularizationStrengths()
        strengths.weightDropping = 0.5
        strengths.variableLengthBPTT = true
        strengths.variationalDropoutInput = 0.4
        strengths.variationalDropoutHidden = 0.25
        strengths.variationalDropoutOutput = 0.4
        strengths.embeddingDropout = 0.1
        strengths.weightTying = true
        strengths.ar = 2
        strengths.tar = 1
        return strengths
    }

    /// A schedule so rough that the validation loss jumps about, judged so strictly that the trigger is sure to fire.
    static func roughSchedule(epochs: Int, fineTuningEpochs: Int) -> TrainingSchedule {
        var schedule = schedule
        schedule.learningRate = 30
        schedule.epochs = epochs
        schedule.nonMonotonicInterval = 0
        schedule.fineTuningEpochs = fineTuningEpochs
        return schedule
    }

    static var schedule: TrainingSchedule {
        var schedule = TrainingSchedule()
        schedule.batchSize = 4
        schedule.windowLength = 12
        schedule.learningRate = 5
        schedule.epochs = 3
        schedule.fineTuningEpochs = 2
        schedule.validationBatchSize = 3
        return schedule
    }
}
