import LanguageModel
import ProjectFolders
import Testing

@testable import Configurations

/// When two configurations part. The full one here has 10 epochs, and 4 of fine-tuning.
@Suite struct KeyEffectTests {
    private func configuration(_ assignments: [String]) throws -> Configuration {
        var configuration = Configuration()
        for assignment in ["epochs=10", "fine-tuning-epochs=4"] + assignments { try configuration.set(assignment) }
        return configuration
    }

    @Test(arguments: [
        ([], "end"), (["test-batch-size=5"], "end"), (["fine-tuning=false"], "epoch-10"), (["fine-tuning-epochs=2"], "epoch-12"),
        (["fine-tuning-epochs=9"], "epoch-14"), (["epochs=7"], "epoch-7"), (["epochs=17"], "epoch-10"),
        (["nt-asgd=false"], "criterion-epoch-10"), (["nt-asgd=false", "fine-tuning=false"], "criterion-epoch-10"),
        (["nt-asgd=false", "epochs=7"], "criterion-epoch-7"), (["fine-tuning-epochs=2", "epochs=7"], "epoch-7"),
        (["non-monotonic-interval=6"], "criterion-epoch-10"), (["validate-raw=0"], "criterion-epoch-10"), (["smallest-learning-rate=1"], "criterion-epoch-10"), (["non-monotonic-interval=4"], nil), (["weight-decay=0.5"], nil),
        (["nt-asgd=false", "ar=1"], nil), (["threads=2"], nil), (["logging-interval=9"], nil), (["training-tokens=500"], nil),
    ] as [([String], String?)])
    func configurationsPartWhenTheirFirstDifferenceMatters(assignments: [String], moment: String?) throws {
        #expect(try configuration([]).lastCommonMoment(with: configuration(assignments))?.name == moment)
    }

    /// Where an epoch's end is no judgement in one of both, the moment is before it.
    @Test(arguments: [(["epochs=7"], "epoch-7-unjudged"), (["fine-tuning-epochs=2"], "epoch-12-unjudged"), (["fine-tuning=false"], "epoch-10")])
    func judgedAfterStepsTheyPartBeforeAJudgementThatOnlyOneHas(assignments: [String], moment: String) throws {
        let interval = ["logging-interval=30"]
        #expect(try configuration(interval).lastCommonMoment(with: configuration(interval + assignments))?.name == moment)
    }

    @Test func withoutFineTuningItsEpochsDoNotMatter() throws {
        let (four, nine) = (try configuration(["fine-tuning=false"]), try configuration(["fine-tuning=false", "fine-tuning-epochs=9"]))
        #expect(four.lastCommonMoment(with: nine) == .end)
    }

    @Test func anotherSeedIsAnotherRun() throws {
        var other = try configuration([])
        other.seed += 1
        #expect(try configuration([]).lastCommonMoment(with: other) == nil)
    }

    /// A key that is added, or whose effect comes to be another, is to be looked at here.
    @Test func theKeysThatTakeEffectLate() {
        let late = ConfigurationKey.all.filter { $0.effect != .atOnce }.map(\.name)
        #expect(late == ["epochs", "nt-asgd", "smallest-learning-rate", "non-monotonic-interval", "validate-raw", "fine-tuning", "fine-tuning-epochs", "test-batch-size"])
    }
}
