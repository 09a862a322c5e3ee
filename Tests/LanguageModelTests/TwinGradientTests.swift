import NaiveTwins
import Testing

/// The twin's gradients are those of its loss, entry by entry.
@Suite struct TwinGradientTests {
    @Test(arguments: TwinScenario.all) func everyGradientIsTheFiniteDifference(scenario: TwinScenario) throws {
        let (model, window, state) = scenario.make()
        let gradients = model.gradients(window, forward: model.forward(window, state: state))
        #expect(gradients.count == model.shapes.count)
        for (name, _) in model.shapes {
            let numeric = FiniteDifference.gradient(at: model.parameters[name]!) { values in
                var moved = model
                moved.parameters[name] = values
                return moved.forward(window, state: state).loss
            }
            let analytic = try #require(gradients[name])
            let largest = analytic.reduce(0) { max($0, abs($1)) }
            #expect(largest > 1e-4, "\(name) has no gradient to test")
            #expect(relativeDistance(analytic, numeric) < 1e-7, "\(name)")
        }
    }
}
