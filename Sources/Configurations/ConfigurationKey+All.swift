import Corpus
import Kernels
import LanguageModel
import Recurrent

extension ConfigurationKey {
    /// Every key, in the order in which configurations are written.
    public static let all: [ConfigurationKey] = identity + model + regularization + training + resources

    /// The keys that files and `--set` may use.
    static let settings = all.filter { $0.origin == .setting }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The key of this name.
    public static func named(_ name: String) -> ConfigurationKey? { byName[name] }

    private static let identity = [
        text("dataset", \.dataset, "The text: \(Dataset.list) or a folder"),
        text("profile", \.profile, "The overlay on the paper's sizes"),
        choice("cell", \.cellName, CellKind.self, "The recurrent cell", origin: .identity),
        integer("seed", \.seed, 0...Int.max, "Seed of all random streams", origin: .identity),
    ]

    private static let model = [
        integer("embedding-size", \.model.embeddingSize, sizes, "E, the width of a word vector"),
        integer("hidden-size", \.model.hiddenSize, sizes, "H, the width of all recurrent layers but the last, which writes E"),
        integer("layers", \.model.layers, 1...64, "L, the number of recurrent layers"),
        choice(
            "recurrent-initialisation", \.recurrentInitialisationName, RecurrentInitialisation.self,
            "How hidden-to-hidden matrices start"),
        number(
            "zoneout", \.model.zoneout, .probability, "Probability that a value of a QRNN's cell stays what it was; other cells have none",
            earlierValue: "0"),
        choice(
            "precision", \.precisionName, Precision.self, "What the factors of matrix products are rounded to, sums being float32",
            earlierValue: Precision.float32.rawValue),
    ]

    private static let regularization = [
        number("weight-dropping", \.model.regularization.weightDropping, .probability, "DropConnect on hidden-to-hidden matrices, or the QRNN's"),
        flag("variable-length-bptt", \.model.regularization.variableLengthBPTT, "Draws each window's length"),
        number(
            "variational-dropout-input", \.model.regularization.variationalDropoutInput, .probability,
            "Locked dropout on the embedding output"),
        number(
            "variational-dropout-hidden", \.model.regularization.variationalDropoutHidden, .probability,
            "Locked dropout between recurrent layers"),
        number(
            "variational-dropout-output", \.model.regularization.variationalDropoutOutput, .probability,
            "Locked dropout on the last layer's output"),
        number("embedding-dropout", \.model.regularization.embeddingDropout, .probability, "Drops whole words' embeddings"),
        flag("weight-tying", \.model.regularization.weightTying, "Shares the embedding matrix with the decoder"),
        flag("independent-sizes", \.model.regularization.independentSizes, "Lets E differ from H; false raises E to H"),
        number("ar", \.model.regularization.ar, .notNegative, "α of activation regularization"),
        number("tar", \.model.regularization.tar, .notNegative, "β of temporal activation regularization"),
    ]

    private static let training = [
        integer("batch-size", \.schedule.batchSize, sizes, "B, the number of parallel training streams"),
        integer("window-length", \.schedule.windowLength, 2...100_000, "T, the base window length in tokens"),
        number("learning-rate", \.schedule.learningRate, .positive, "Step size of SGD and averaged SGD"),
        number("gradient-clipping", \.schedule.gradientClipping, .notNegative, "Largest global gradient norm; 0 turns clipping off"),
        number("weight-decay", \.schedule.weightDecay, .notNegative, "L2 strength added to the gradient"),
        integer("epochs", \.schedule.epochs, sizes, "Largest number of epochs of the main stage", effect: .afterEpochs),
        flag(
            "nt-asgd", \.schedule.ntASGD, "Averages after the non-monotonic trigger; false halves the learning rate instead",
            effect: .whenTheCriterionFires),
        number(
            "smallest-learning-rate", \.schedule.smallestLearningRate, .notNegative, "Without nt-asgd, the rate at which halving stops; 0 for never",
            earlierValue: "0", effect: .whenTheCriterionFires),
        integer(
            "logging-interval", \.schedule.loggingInterval, 0...Int.max,
            "Steps of the optimizer after which the weights are judged by the validation loss; 0 for an epoch",
            earlierValue: "0"),
        integer("non-monotonic-interval", \.schedule.nonMonotonicInterval, sizes, "n of the trigger, in judgements", effect: .whenTheSmallestFires),
        integer(
            "validate-raw", \.schedule.validateRaw, 0...1_000_000,
            "Once averaging is on, every how many judgements the raw weights are measured too; 0 for never", earlierValue: "1",
            effect: .whenTheCriterionFires),
        flag("fine-tuning", \.schedule.fineTuning, "Runs the second stage", effect: .afterTheMainStage),
        integer(
            "fine-tuning-epochs", \.schedule.fineTuningEpochs, sizes, "Largest number of epochs of the second stage",
            effect: .afterFineTuningEpochs),
        integer("validation-batch-size", \.schedule.validationBatchSize, sizes, "Batch size on validation text"),
        integer("test-batch-size", \.schedule.testBatchSize, sizes, "Batch size on test text", effect: .afterTraining),
        integer(
            "validation-tokens", \.schedule.validationTokens, 0...Int.max,
            "Prefix of the validation text that the weights are judged on; 0 for all"),
        integer("training-tokens", \.trainingTokens, 0...Int.max, "Part of the training text that is used; 0 for all"),
    ]

    private static let resources = [
        integer("threads", \.threads, 1...1024, "Threads of one run")
    ]

    private static let sizes = 1...1_000_000

    private static func integer(
        _ name: String, _ path: WritableKeyPath<Configuration, Int> & Sendable, _ range: ClosedRange<Int>, _ summary: String,
        origin: Origin = .setting, earlierValue: String? = nil, effect: KeyEffect = .atOnce
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, summary: summary, origin: origin, field: .integer(path, range), earlierValue: earlierValue, effect: effect)
    }

    private static func number(
        _ name: String, _ path: WritableKeyPath<Configuration, Float> & Sendable, _ range: NumberRange, _ summary: String,
        earlierValue: String? = nil, effect: KeyEffect = .atOnce
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, summary: summary, origin: .setting, field: .number(path, range), earlierValue: earlierValue, effect: effect)
    }

    private static func flag(
        _ name: String, _ path: WritableKeyPath<Configuration, Bool> & Sendable, _ summary: String, effect: KeyEffect = .atOnce
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, summary: summary, origin: .setting, field: .flag(path), effect: effect)
    }

    private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, _ path: WritableKeyPath<Configuration, String> & Sendable, _: Choice.Type, _ summary: String,
        origin: Origin = .setting, earlierValue: String? = nil
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, summary: summary, origin: origin, field: .choice(path, Choice.allCases.map(\.rawValue)), earlierValue: earlierValue)
    }

    private static func text(
        _ name: String, _ path: WritableKeyPath<Configuration, String> & Sendable, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, summary: summary, origin: .identity, field: .text(path))
    }
}

extension Configuration {
    fileprivate var cellName: String {
        get { model.cell.rawValue }
        set { model.cell = CellKind(rawValue: newValue) ?? model.cell }
    }

    fileprivate var precisionName: String {
        get { model.precision.rawValue }
        set { model.precision = Precision(rawValue: newValue) ?? model.precision }
    }

    fileprivate var recurrentInitialisationName: String {
        get { model.recurrentInitialisation.rawValue }
        set { model.recurrentInitialisation = RecurrentInitialisation(rawValue: newValue) ?? model.recurrentInitialisation }
    }
}
