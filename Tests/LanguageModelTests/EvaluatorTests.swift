import Documents
import Corpus
import Foundation
import Kernels
import LanguageModel
import NaiveTwins
import Recurrent
import Testing

@Suite struct EvaluatorTests {
    private func model(_ cell: CellKind = .lstm, seed: UInt64 = 1) throws -> LanguageModel {
        var configuration = SmallText.configuration
        configuration.cell = cell
        let model = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: seed)
        // Large weights, so that the state matters.
        model.parameters.flat.assign(model.parameters.flat.toArray().map { 4 * $0 })
        return model
    }

    private func twin(of model: LanguageModel) -> NaiveLanguageModel {
        let configuration = model.configuration
        var twin = NaiveLanguageModel(
            cell: NaiveCell(configuration.cell), vocabularySize: model.vocabularySize,
            embeddingSize: configuration.embeddingSize, hiddenSize: configuration.hiddenSize,
            layers: configuration.layers, tied: true)
        for shape in model.parameters.shapes {
            twin.parameters[shape.name] = model.parameters[shape.name].toArray().map(Double.init)
        }
        return twin
    }

    @Test(arguments: [1, 2, 10], CellKind.allCases)
    func aUniformModelHasThePerplexityOfItsVocabulary(batchSize: Int, cell: CellKind) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        let model = LanguageModel(configuration, vocabularySize: SmallText.vocabularySize)
        let perplexity = try Evaluator(model, batchSize: batchSize)
            .perplexity(of: SmallText.tokens(500, seed: 6), split: "text")
        #expect(abs(perplexity - Double(SmallText.vocabularySize)) < 1e-4)
    }

    @Test(arguments: CellKind.allCases) func theStateIsCarriedSoThatTheWindowLengthDoesNotMatter(cell: CellKind) throws {
        let model = try model(cell)
        let tokens = SmallText.tokens(409, seed: 7)
        let expected = try Evaluator(model, batchSize: 3, windowLength: 200).meanLoss(of: tokens, split: "text")
        for windowLength in [1, 2, 7, 70, 135] {
            let loss = try Evaluator(model, batchSize: 3, windowLength: windowLength).meanLoss(of: tokens, split: "text")
            #expect(abs(loss - expected) < 1e-5, "window length \(windowLength)")
        }
    }

    /// Every token but the first of each stream is predicted once, as one long window of the twin does.
    @Test(arguments: [1, 3, 10], CellKind.allCases) func theLossIsTheTwins(batchSize: Int, cell: CellKind) throws {
        let model = try model(cell)
        let tokens = SmallText.tokens(409, seed: 8)
        let steps = tokens.count / batchSize - 1
        func rows(shift: Int) -> [Int] {
            (0..<steps).flatMap { step in
                (0..<batchSize).map { Int(tokens[$0 * (steps + 1) + step + shift]) }
            }
        }
        let twin = twin(of: model)
        let window = NaiveWindow(
            inputs: rows(shift: 0), targets: rows(shift: 1), batchSize: batchSize, masks: NaiveMasks(layers: 2))
        let expected = twin.forward(window, state: twin.zeroState(batchSize: batchSize)).crossEntropy
        let loss = try Evaluator(model, batchSize: batchSize, windowLength: 16).meanLoss(of: tokens, split: "text")
        #expect(abs(loss - expected) < 1e-5)
    }

    /// Nothing is drawn; what lets new values into the cell is multiplied by 1 − p, as in the reference code.
    @Test func zoneoutIsItsMean() throws {
        var configuration = SmallText.configuration
        configuration.cell = .qrnn
        configuration.zoneout = 0.25
        let model = try LanguageModel(configuration, vocabularySize: SmallText.vocabularySize, seed: 1)
        model.parameters.flat.assign(model.parameters.flat.toArray().map { 4 * $0 })
        let tokens = SmallText.tokens(61, seed: 8)
        let twin = twin(of: model)
        var masks = NaiveMasks(layers: 2)
        masks.zoneout = (0..<2).map { NaiveMatrix(rows: 60, columns: twin.outputSize($0), values: Array(repeating: 0.75, count: 60 * twin.outputSize($0))) }
        let window = NaiveWindow(
            inputs: tokens.dropLast().map(Int.init), targets: tokens.dropFirst().map(Int.init), batchSize: 1, masks: masks)
        let expected = twin.forward(window, state: twin.zeroState(batchSize: 1)).crossEntropy
        let loss = try Evaluator(model, batchSize: 1, windowLength: 16).meanLoss(of: tokens, split: "text")
        #expect(abs(loss - expected) < 1e-5)
        configuration.zoneout = 0
        let other = LanguageModel(configuration, vocabularySize: SmallText.vocabularySize)
        other.parameters.flat.assign(model.parameters.flat)
        #expect(abs(try Evaluator(other, batchSize: 1).meanLoss(of: tokens, split: "text") - expected) > 1e-3)
    }

    /// Each stream is a text of its own to the model, so that its blocks are those of that text alone.
    @Test(arguments: [1, 16, 70, 300]) func theBlocksAreStretchesOfTheStreams(windowLength: Int) throws {
        let model = try model()
        let tokens = SmallText.tokens(3 * 251 + 2, seed: 10)
        let evaluator = Evaluator(model, batchSize: 3, windowLength: windowLength)
        let (meanLoss, blocks) = try evaluator.measure(tokens, split: "text")
        #expect(try evaluator.meanLoss(of: tokens, split: "text") == meanLoss)
        #expect(blocks.map(\.tokens) == [100, 100, 50, 100, 100, 50, 100, 100, 50])
        #expect(abs(blocks.reduce(0) { $0 + $1.negativeLogLikelihood } / 750 / meanLoss - 1) < 1e-12)
        for stream in 0..<3 {
            let text = Array(tokens[stream * 251..<(stream + 1) * 251])
            let alone = try Evaluator(model, batchSize: 1).measure(text, split: "text").blocks
            #expect(zip(alone, blocks[stream * 3..<stream * 3 + 3]).allSatisfy {
                abs($0.negativeLogLikelihood - $1.negativeLogLikelihood) < 1e-3
            })
            let beginning = try Evaluator(model, batchSize: 1).meanLoss(of: Array(text.prefix(101)), split: "text")
            #expect(abs(alone[0].negativeLogLikelihood / 100 - beginning) < 1e-5)
        }
    }

    @Test func evaluationStartsAnewEachTime() throws {
        let evaluator = Evaluator(try model(), batchSize: 2, windowLength: 9)
        let tokens = SmallText.tokens(300, seed: 9)
        let first = try evaluator.meanLoss(of: tokens, split: "text")
        #expect(try evaluator.meanLoss(of: tokens, split: "text") == first)
    }

    @Test func tooFewTokensAreRefusedByName() throws {
        let evaluator = Evaluator(try model(), batchSize: 10)
        let error = #expect(throws: InputError.self) { try evaluator.meanLoss(of: [1, 2, 3], split: "validation text") }
        #expect(String(describing: try #require(error)).contains("validation text"))
    }
}
