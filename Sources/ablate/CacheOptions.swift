import ArgumentParser
import LanguageModel

/// How a cache beside the model is set.
struct CacheOptions: ParsableArguments {
    @Flag(help: "Also measures with a continuous cache beside the model, by which words that came before are likely to come again.")
    var cache = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of words that the cache looks back at. (default: 2000; wt2: 3785)", valueName: "words"))
    var window: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The cache's part of the probability, at least 0 and less than 1. (default: 0.1; wt2: 0.1279)", valueName: "part"))
    var lambda: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("By how much it counts that two places are alike. (default: 1; wt2: 0.662)", valueName: "factor"))
    var theta: Double?

    func validate() throws {
        for (name, isGiven) in [("--window", window != nil), ("--lambda", lambda != nil), ("--theta", theta != nil)] where isGiven && !cache {
            throw ValidationError("\(name): needs --cache")
        }
        if let window, window < 1 { throw ValidationError("--window \(window): must be at least 1") }
        if let lambda, !(lambda >= 0 && lambda < 1) { throw ValidationError("--lambda \(lambda): must be at least 0 and less than 1") }
        if let theta, !(theta >= 0 && theta.isFinite) { throw ValidationError("--theta \(theta): must be a number of at least 0") }
    }

    /// Nil without a cache.
    ///
    /// - Parameter dataset: on which the model was trained.
    func strengths(for dataset: String) -> CachePointer.Strengths? {
        guard cache else { return nil }
        var strengths = dataset == "wt2" ? CachePointer.Strengths.wikiText2 : .pennTreebank
        if let window { strengths.window = window }
        if let lambda { strengths.lambda = lambda }
        if let theta { strengths.theta = theta }
        return strengths
    }
}
