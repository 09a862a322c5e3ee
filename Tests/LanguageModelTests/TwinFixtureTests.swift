import NaiveTwins
import Testing

/// The double-precision twin is PyTorch's model.
@Suite struct TwinFixtureTests {
    @Test(arguments: Fixture.names) func outputsAndLossAgree(name: String) throws {
        let fixture = try Fixture(named: name)
        let expected = fixture.oneWindow
        let forward = fixture.twin.forward(fixture.window(expected.window), state: fixture.state)
        #expect(relativeDistance(forward.logits.values, expected.logits) < 1e-11)
        #expect(relativeDistance(forward.layers.last!.output.values, expected.lastOutput) < 1e-11)
        #expect(relativeDistance([forward.crossEntropy, forward.loss], [expected.crossEntropy, expected.loss]) < 1e-12)
        let stateAfter = fixture.states(expected.stateAfter)
        for (actual, expected) in zip(forward.state, stateAfter) {
            #expect(relativeDistance(actual.hidden.values, expected.hidden.values) < 1e-11)
            #expect(relativeDistance(actual.cell.values, expected.cell.values) < 1e-11)
            #expect(relativeDistance(actual.input?.values ?? [], expected.input?.values ?? []) < 1e-11)
        }
    }

    @Test(arguments: Fixture.names) func everyGradientAgrees(name: String) throws {
        let fixture = try Fixture(named: name)
        let twin = fixture.twin
        let window = fixture.window(fixture.oneWindow.window)
        let gradients = twin.gradients(window, forward: twin.forward(window, state: fixture.state))
        #expect(Set(gradients.keys) == Set(fixture.oneWindow.gradients.keys))
        for (name, expected) in fixture.oneWindow.gradients {
            #expect(relativeDistance(gradients[name] ?? [], expected) < 1e-10, "\(name)")
        }
    }

    @Test(arguments: Fixture.names) func tenStepsAgree(name: String) throws {
        let fixture = try Fixture(named: name)
        let training = fixture.training
        let optimizer = NaiveSGD(
            learningRate: training.learningRate, clipping: training.clipping, weightDecay: training.weightDecay)
        var twin = fixture.twin
        var state = twin.zeroState(batchSize: fixture.batchSize)
        var losses: [Double] = []
        var norms: [Double] = []
        for window in training.windows.map(fixture.window) {
            let forward = twin.forward(window, state: state)
            let gradients = twin.gradients(window, forward: forward)
            optimizer.update(&twin.parameters, gradients: gradients)
            losses.append(forward.loss)
            norms.append(NaiveSGD.norm(gradients))
            state = forward.state
        }
        #expect(relativeDistance(losses, training.losses) < 1e-9)
        #expect(relativeDistance(norms, training.gradientNorms) < 1e-9)
        for (name, expected) in training.parametersAfter {
            #expect(relativeDistance(twin.parameters[name] ?? [], expected) < 1e-9, "\(name)")
        }
    }

    /// A fixture that a forgotten mask could pass would prove nothing.
    @Test(arguments: Fixture.names) func everyMaskMatters(name: String) throws {
        let fixture = try Fixture(named: name)
        let twin = fixture.twin
        let window = fixture.window(fixture.oneWindow.window)
        var forgotten: [(String, (inout NaiveMasks) -> Void)] = [
            ("embedding", { $0.embeddingRows = nil }), ("input", { $0.input = nil }),
            ("hidden", { $0.hidden = [nil] }), ("output", { $0.output = nil }),
            ("weights 0", { $0.weights[0] = nil }), ("weights 1", { $0.weights[1] = nil }),
        ]
        if fixture.cell == .qrnn { forgotten += (0..<2).map { layer in ("zoneout \(layer)", { $0.zoneout[layer] = nil }) } }
        for (mask, forget) in forgotten {
            var changed = window
            forget(&changed.masks)
            let gradients = twin.gradients(changed, forward: twin.forward(changed, state: fixture.state))
            let distances = fixture.oneWindow.gradients.map { relativeDistance(gradients[$0.key] ?? [], $0.value) }
            #expect(try #require(distances.max()) > 0.1, "without the \(mask) mask")
        }
    }
}
