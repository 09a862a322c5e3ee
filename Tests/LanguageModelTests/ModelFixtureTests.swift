import Foundation
import Kernels
import LanguageModel
import NaiveTwins
import Optimizers
import Recurrent
import Testing

/// The float model agrees with PyTorch to 1e-4 of the largest entry of each block: a wrong sign anywhere would show.
@Suite struct ModelFixtureTests {
    private static let tolerance = 1e-4

    private func model(_ fixture: Fixture) -> FloatModel {
        FloatModel(fixture.twin, batchSize: fixture.batchSize, maximumLength: 9)
    }

    private func state(_ fixture: Fixture) -> ModelState {
        fixture.state.map { RecurrentState($0, cell: fixture.cell) }
    }

    @Test(arguments: Fixture.names) func lossStateAndGradientsAgree(name: String) throws {
        let fixture = try Fixture(named: name)
        let expected = fixture.oneWindow
        let model = model(fixture)
        let (loss, after) = model.run(fixture.window(expected.window), state: state(fixture))
        #expect(relativeDistance([loss.crossEntropy, loss.total], [expected.crossEntropy, expected.loss]) < 1e-6)
        #expect(relativeDistance(after, fixture.states(expected.stateAfter), cell: fixture.cell) < Self.tolerance)
        let gradients = model.gradients
        #expect(Set(gradients.keys) == Set(expected.gradients.keys))
        for (name, values) in expected.gradients {
            #expect(relativeDistance(gradients[name] ?? [], values) < Self.tolerance, "\(name)")
        }
    }

    /// The last layer's output after each step is the state that a shorter window ends with.
    @Test(arguments: Fixture.names) func theLastOutputAgreesAtEveryStep(name: String) throws {
        let fixture = try Fixture(named: name)
        let model = model(fixture)
        let window = fixture.window(fixture.oneWindow.window)
        let steps = window.inputs.count / window.batchSize
        let width = fixture.batchSize * fixture.embeddingSize
        for step in 1...steps {
            let (_, after) = model.run(window.prefix(steps: step), state: state(fixture))
            let expected = Array(fixture.oneWindow.lastOutput[(step - 1) * width..<step * width])
            #expect(relativeDistance(after[fixture.layers - 1].hidden, expected) < Self.tolerance, "step \(step)")
        }
    }

    /// The mean cost of each word of the vocabulary, were it the target throughout, is that of PyTorch's logits.
    @Test(arguments: Fixture.names) func everyWordsLogitsAgree(name: String) throws {
        let fixture = try Fixture(named: name)
        let model = model(fixture)
        var window = fixture.window(fixture.oneWindow.window)
        let rows = window.targets.count
        let logits = NaiveMatrix(rows: rows, columns: fixture.vocabularySize, values: fixture.oneWindow.logits)
        for word in 0..<fixture.vocabularySize {
            window.targets = Array(repeating: word, count: rows)
            let expected = NaiveCrossEntropy.evaluate(logits: logits, targets: window.targets).loss
            let (loss, _) = model.run(window, state: state(fixture))
            #expect(abs(loss.crossEntropy / expected - 1) < 1e-5, "word \(word)")
        }
    }

    @Test(arguments: Fixture.names) func tenStepsOfSGDAgree(name: String) throws {
        let fixture = try Fixture(named: name)
        let training = fixture.training
        let model = model(fixture)
        let clipping = GradientClipping(maximumNorm: Float(training.clipping))
        var optimizer = SGD(learningRate: Float(training.learningRate), weightDecay: Float(training.weightDecay))
        var state = model.model.zeroState(batchSize: fixture.batchSize)
        var losses: [Double] = []
        var norms: [Double] = []
        for window in training.windows.map(fixture.window) {
            let (loss, after) = model.run(window, state: state)
            let norm = model.pass.gradients.flat.sumOfSquares.squareRoot()
            optimizer.step(
                model.model.parameters.flat, gradients: model.pass.gradients.flat, clip: clipping.factor(norm: norm),
                learningRateScale: 1)
            losses.append(loss.total)
            norms.append(norm)
            state = after
        }
        for (loss, expected) in zip(losses, training.losses) { #expect(abs(loss / expected - 1) < Self.tolerance) }
        #expect(losses.count == 10)
        #expect(relativeDistance(norms, training.gradientNorms) < Self.tolerance)
        for (name, expected) in training.parametersAfter {
            #expect(relativeDistance(model.model.parameters[name].toArray(), expected) < Self.tolerance, "\(name)")
        }
    }
}
