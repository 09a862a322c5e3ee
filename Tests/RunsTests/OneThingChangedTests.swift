import Configurations
import Corpus
import Documents
import Foundation
import LanguageModel
import ProjectFolders
import Recurrent
import Tables
import Testing

@testable import Runs

/// The proof that a row changes one thing: its keys only, and nothing that the technique does not do itself.
@Suite struct OneThingChangedTests {
    /// The keys of each slug, which no other key may join, and their values without the technique.
    private static let keys: [Ablation: [String: String]] = [
        .fineTuning: ["fine-tuning": "false"],
        .ntASGD: ["nt-asgd": "false"],
        .variableLengthBPTT: ["variable-length-bptt": "false"],
        .embeddingDropout: ["embedding-dropout": "0"],
        .weightDecay: ["weight-decay": "0"],
        .arTAR: ["ar": "0", "tar": "0"],
        .independentSizes: ["independent-sizes": "false"],
        .weightDropping: ["weight-dropping": "0"],
        .variationalDropout: [
            "variational-dropout-input": "0", "variational-dropout-hidden": "0", "variational-dropout-output": "0",
        ],
        .weightTying: ["weight-tying": "false"],
        .ar: ["ar": "0"],
        .tar: ["tar": "0"],
    ]

    @Test(arguments: Ablation.allCases)
    func aRowChangesItsOwnKeysOnly(ablation: Ablation) throws {
        for dataset in ["ptb", "wt2", "kjv", "synthetic"] {
            for profile in ["smoke", "quick", "evening", "paper"] {
                for cell in CellKind.allCases {
                    let full = try projectFiles().configuration(dataset: dataset, cell: cell, profile: profile)
                    for run in PlannedRun.all(full: [full], rows: [Row([ablation])], seeds: 2) {
                        let changed = Dictionary(uniqueKeysWithValues: run.differences.map { ($0.key, $0.second) })
                        #expect(changed == Self.keys[ablation], "\(dataset), \(profile), \(run.name)")
                        var seeded = full
                        seeded.seed = run.configuration.seed
                        for (key, value) in changed { try seeded.set("\(key)=\(value)") }
                        #expect(seeded == run.configuration)
                    }
                    #expect(ablation.apply(ablation.apply(full)) == ablation.apply(full))
                }
            }
        }
    }

    @Test func aRowFromAFileChangesTheKeysThatItNames() throws {
        let example = try Row.list(projectRoot.appendingPathComponent("Examples/weight-dropping-levels.yaml"))
        #expect(example.map(\.definition) == ["0", "0.1", "0.3", "0.5", "0.7"].map { "weight-dropping-\($0):weight-dropping=\($0)" })
        // A key that is part of a removal, one that a removal sets too, and several at once.
        let rows = try example + Row.list(yaml: "- a: {tar: 0.25, epochs: 3}\n- b: {independent-sizes: false}\n", file: "f")
        for dataset in ["ptb", "synthetic"] {
            for profile in ["smoke", "quick", "evening", "paper"] {
                for cell in CellKind.allCases {
                    let full = try projectFiles().configuration(dataset: dataset, cell: cell, profile: profile)
                    for run in PlannedRun.all(full: [full], rows: rows, seeds: 2) {
                        var expected = run.full
                        for setting in run.row.settings { try expected.set(setting.description) }
                        #expect(run.configuration == expected)
                        let named = Set(run.row.settings.map(\.key))
                        #expect(run.differences.allSatisfy { named.contains($0.key) }, "\(run.name)")
                    }
                    // Strength 0 is the row that removes the technique, whose run is then the same bitwise.
                    #expect(example[0].apply(full) == Ablation.weightDropping.apply(full))
                }
            }
        }
    }

    @Test(arguments: Ablation.allCases)
    func theFilesOfAFolderGiveBothConfigurationsBack(ablation: Ablation) throws {
        let full = try projectFiles().configuration(dataset: "wt2", cell: .gru, profile: "quick")
        let row = ablation.apply(full)
        let written = try Configuration(yaml: row.yaml, file: "configuration.yaml")
        #expect(try written.full(differenceYAML: full.differenceYAML(to: row), file: "difference.yaml") == full)
        #expect(full.differenceYAML(to: full) == "{}\n")
        #expect(try row.full(differenceYAML: "{}\n", file: "difference.yaml") == row)
    }

    @Test(arguments: [
        ("ar: {fill: 2}", "d.yaml:1: must be lines of 'key: {full: value, row: value}'"), ("arr: {full: 2}", "d.yaml:1: arr: must be a single"), ("ar: 2", "d.yaml:1: must be"), ("ar: {full: x}", "d.yaml:1: ar: 'x' is not allowed"), ("ar: {", "d.yaml: not readable"),
    ])
    func aDamagedDifferenceIsNamed(yaml: String, message: String) {
        let error = inputError { _ = try Configuration().full(differenceYAML: yaml, file: "d.yaml") }
        #expect(error?.kind == .data && error?.message.hasPrefix(message) == true, "\(String(describing: error))")
    }

    /// What a run leaves behind, timing aside.
    private struct Trace: Equatable {
        var epochs: [IntervalMetrics] = []
        var outcome: TrainingOutcome
        let checkpoint: Data
        let weights: [Float]
    }

    private func train(_ configuration: Configuration) throws -> Trace {
        let library = DatasetLibrary()
        let corpus = try library.load(.synthetic, trainingTokens: configuration.trainingTokens)
        return try withTemporaryFolder { folder in
            let trainer = try Trainer(
                model: configuration.model, schedule: configuration.schedule, corpus: corpus, seed: UInt64(configuration.seed),
                threads: configuration.threads, directory: folder)
            var epochs: [IntervalMetrics] = []
            var outcome = try trainer.train(onInterval: { epochs.append($0) })
            for index in epochs.indices { (epochs[index].seconds, epochs[index].tokensPerSecond) = (0, 0) }
            (outcome.seconds, outcome.tokensPerSecond) = (0, 0)
            let checkpoint = folder.appendingPathComponent(Trainer.checkpointName)
            return Trace(
                epochs: epochs, outcome: outcome, checkpoint: try Data(contentsOf: checkpoint),
                weights: try Checkpoint.read(checkpoint).model.parameters.flat.toArray())
        }
    }

    /// A full model so small that its runs take a fraction of a second, with an epoch of each kind.
    private func full(_ cell: CellKind) throws -> Configuration {
        let settings = ["training-tokens=3000", "hidden-size=12", "embedding-size=8", "epochs=4", "fine-tuning-epochs=1", "validation-tokens=1000"]
        return try projectFiles().configuration(dataset: "synthetic", cell: cell, profile: "smoke", assignments: settings)
    }

    @Test(arguments: CellKind.allCases)
    func strengthZeroIsTheRunOfTheRowThatRemovesIt(cell: CellKind) throws {
        let full = try full(cell)
        let fullTrace = try train(full)
        for ablation in Ablation.allCases {
            var off = full
            for (key, value) in Self.keys[ablation] ?? [:] { try off.set("\(key)=\(value)") }
            let removed = try train(PlannedRun.all(full: [full], rows: [Row([ablation])], seeds: 1)[0].configuration)
            #expect(try train(off) == removed, "\(ablation)")
            #expect(removed.epochs != fullTrace.epochs, "\(ablation): its removal changes nothing")
        }
    }

    /// A technique at work, whose strength is too small to show in a figure of 24 bits, gives the run without it: it drops
    /// nothing, scales by 1 and adds nothing, and its random draws are its own. So nothing but its strength is removed.
    @Test(arguments: CellKind.allCases)
    func aStrengthTooSmallToShowIsTheSameRunToo(cell: CellKind) throws {
        let full = try full(cell)
        let techniques: [Ablation] = [.weightDropping, .variationalDropout, .embeddingDropout, .weightDecay, .arTAR, .ar, .tar]
        for ablation in techniques {
            var faint = full
            for key in (Self.keys[ablation] ?? [:]).keys { try faint.set("\(key)=1e-30") }
            let removed = try train(ablation.apply(full))
            let trace = try train(faint)
            #expect(trace.epochs == removed.epochs && trace.outcome == removed.outcome && trace.weights == removed.weights, "\(ablation)")
        }
    }
}
