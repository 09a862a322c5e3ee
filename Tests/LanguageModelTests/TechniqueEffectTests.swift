import Corpus
import Kernels
@testable import LanguageModel
import NaiveTwins
import Recurrent
import Regularizers
import Testing

/// The masked techniques and penalties, as a model meets them.
@Suite struct TechniqueEffectTests {
    struct Technique: Sendable, CustomTestStringConvertible {
        let name: String
        let remove: @Sendable (inout RegularizationStrengths) -> Void
        var testDescription: String { name }
    }

    static let techniques = [
        Technique(name: "weight-dropping") { $0.weightDropping = 0 },
        Technique(name: "variational-dropout, input") { $0.variationalDropoutInput = 0 },
        Technique(name: "variational-dropout, hidden") { $0.variationalDropoutHidden = 0 },
        Technique(name: "variational-dropout, output") { $0.variationalDropoutOutput = 0 },
        Technique(name: "embedding-dropout") { $0.embeddingDropout = 0 },
        Technique(name: "ar") { $0.ar = 0 },
        Technique(name: "tar") { $0.tar = 0 },
    ]

    private static let batchSize = 4

    private let window: Window = {
        let tokens = SmallText.tokens(12 * batchSize + batchSize, seed: 4)
        return Window(
            inputs: Array(tokens.prefix(12 * batchSize)), targets: Array(tokens.suffix(12 * batchSize)), length: 12,
            batchSize: batchSize)
    }()

    /// What a model with these strengths makes of the window after `draws` draws of its masks.
    private func outcome(
        _ strengths: RegularizationStrengths, cell: CellKind, draws: Int = 3
    ) throws -> (loss: WindowLoss, gradients: [Float], masks: [String: [Float]]) {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.regularization = strengths
        let model = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 1)
        let techniques = Techniques(
            configuration, strengths: strengths, vocabularySize: SmallText.vocabularySize, batchSize: Self.batchSize,
            seed: 1)
        let pass = WindowPass(model, batchSize: Self.batchSize, maximumLength: 12, techniques: techniques)
        for _ in 0..<draws { pass.techniques.draw() }
        var masks: [String: [Float]] = [:]
        masks["embedding-dropout"] = pass.techniques.embeddingDropout.mask.values?.toArray()
        masks["variational-dropout, input"] = pass.techniques.inputDropout.mask.values?.toArray()
        masks["variational-dropout, hidden"] = pass.techniques.outputDropouts[0].mask.values?.toArray()
        masks["variational-dropout, output"] = pass.techniques.outputDropouts[1].mask.values?.toArray()
        for layer in 0..<2 {
            masks["weight-dropping, \(layer)"] = pass.techniques.weightDroppings[layer].mask.values?.toArray()
        }
        let (loss, _) = pass.lossAndGradients(window, state: model.zeroState(batchSize: Self.batchSize))
        return (loss, pass.gradients.flat.toArray(), masks)
    }

    private var nothing: RegularizationStrengths {
        var strengths = RegularizationStrengths()
        strengths.weightTying = true
        return strengths
    }

    @Test(arguments: techniques, CellKind.allCases)
    func eachChangesTheComputation(technique: Technique, cell: CellKind) throws {
        var strengths = SmallText.strengths
        let full = try outcome(strengths, cell: cell)
        technique.remove(&strengths)
        let without = try outcome(strengths, cell: cell)
        #expect(full.loss.total != without.loss.total)
        #expect(relativeDistance(without.gradients, full.gradients) > 1e-3)
    }

    /// That what a model computes without any is what one does that knows none is tested against the twins.
    @Test(arguments: techniques, CellKind.allCases) func aloneItChangesTheComputationAndWithoutItNothingIsDrawnOrAdded(
        technique: Technique, cell: CellKind
    ) throws {
        var only = SmallText.strengths
        for other in Self.techniques where other.name != technique.name { other.remove(&only) }
        let plain = try outcome(nothing, cell: cell)
        #expect(try outcome(only, cell: cell).loss != plain.loss)
        technique.remove(&only)
        only.variableLengthBPTT = false
        let removed = try outcome(only, cell: cell)
        #expect(removed.loss == plain.loss)
        #expect(removed.gradients == plain.gradients)
        #expect(removed.masks.isEmpty && plain.masks.isEmpty)
        #expect(plain.loss.penalty == 0)
    }

    @Test(arguments: techniques) func removingOneLeavesEveryOtherDrawAsItWas(technique: Technique) throws {
        var strengths = SmallText.strengths
        let full = try outcome(strengths, cell: .lstm)
        #expect(full.masks.count == 6)
        technique.remove(&strengths)
        let without = try outcome(strengths, cell: .lstm).masks
        #expect(without.count == 6 - full.masks.keys.count { $0.hasPrefix(technique.name) })
        for (name, mask) in without { #expect(mask == full.masks[name], "\(name)") }
    }

    @Test func everyMaskHasAStreamOfItsOwnAndEveryWindowANewMask() throws {
        let first = try outcome(SmallText.strengths, cell: .lstm, draws: 1).masks
        let second = try outcome(SmallText.strengths, cell: .lstm, draws: 2).masks
        for (name, mask) in first { #expect(mask != second[name], "\(name)") }
        let layers = (first["weight-dropping, 0"] ?? [], first["weight-dropping, 1"] ?? [])
        #expect(layers.0.prefix(layers.1.count) != layers.1[...])
    }

    @Test(arguments: CellKind.allCases) func noTwoTechniquesOrLayersShareAStream(cell: CellKind) {
        var configuration = SmallText.configuration
        configuration.cell = cell
        configuration.layers = 4
        let streams = Techniques(
            configuration, strengths: configuration.regularization, vocabularySize: SmallText.vocabularySize, batchSize: 2, seed: 1, maximumLength: 5
        ).streams.map(\.key) + [RandomStream(seed: 1, name: "variable-length-bptt").key]
        #expect(streams.count == 3 + 4 + 4 + (cell == .qrnn ? 4 : 0))
        #expect(Set(streams).count == streams.count)
    }

    /// Of the QRNN alone: every step and layer draws for itself, and without it nothing else is drawn otherwise.
    @Test func zoneoutHoldsValuesOfTheCell() throws {
        func techniques(_ zoneout: Float) -> Techniques {
            var configuration = SmallText.configuration
            configuration.cell = .qrnn
            configuration.zoneout = zoneout
            var techniques = Techniques(
                configuration, strengths: SmallText.strengths, vocabularySize: SmallText.vocabularySize, batchSize: Self.batchSize, seed: 1,
                maximumLength: 50)
            techniques.draw()
            return techniques
        }
        let (with, without) = (techniques(0.25), techniques(0))
        #expect(without.zoneouts.allSatisfy { $0.factors(rows: 8) == nil })
        #expect(with.weightDroppings[1].mask.values?.toArray() == without.weightDroppings[1].mask.values?.toArray())
        let masks = try with.zoneouts.map { try #require($0.factors(rows: 50 * Self.batchSize)).toArray() }
        #expect(masks.map(\.count) == [50 * 4 * 9, 50 * 4 * 6])
        for mask in masks {
            #expect(Set(mask) == [0, 1], "kept values are not scaled")
            #expect(abs(mask.reduce(0, +) / Float(mask.count) - 0.75) < 0.05)
        }
        #expect(masks[0].prefix(36) != masks[0].dropFirst(36).prefix(36), "one step's is not the next's")
        #expect(masks[0].prefix(1200) != masks[1].prefix(1200))
        var again = with
        again.draw()
        #expect(again.zoneouts[0].mask.stream != with.zoneouts[0].mask.stream)
        var lstm = SmallText.configuration
        lstm.zoneout = 0.5
        #expect(Techniques(lstm, strengths: SmallText.strengths, vocabularySize: 7, batchSize: 2, seed: 1, maximumLength: 5).zoneouts.isEmpty)
    }

    @Test(arguments: CellKind.allCases) func evaluationDropsNothing(cell: CellKind) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        let regularized = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 1)
        configuration.regularization = nothing
        let plain = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 1)
        let tokens = SmallText.tokens(400, seed: 5)
        let expected = try Evaluator(plain, batchSize: 3).meanLoss(of: tokens, split: "text")
        #expect(try Evaluator(regularized, batchSize: 3).meanLoss(of: tokens, split: "text") == expected)
    }
}
