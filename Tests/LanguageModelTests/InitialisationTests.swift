import Kernels
import LanguageModel
import Recurrent
import Testing

@Suite struct InitialisationTests {
    private func configuration(tied: Bool, layers: Int = 2) -> ModelConfiguration {
        var configuration = ModelConfiguration()
        configuration.embeddingSize = 16
        configuration.hiddenSize = 25
        configuration.layers = layers
        configuration.regularization.weightTying = tied
        return configuration
    }

    private func bound(_ model: LanguageModel, _ name: String) -> Float {
        model.parameters[name].toArray().reduce(0) { max($0, abs($1)) }
    }

    @Test func boundsAreThePapers() throws {
        let model = try LanguageModel(configuration(tied: false), vocabularySize: 301, seed: 1)
        let bounds: [(String, Float)] = [
            ("embedding.weight", 0.1), ("decoder.weight", 0.1), ("layers.0.weight_ih", 0.2), ("layers.0.weight_hh", 0.2),
            ("layers.0.bias_ih", 0.2), ("layers.0.bias_hh", 0.2), ("layers.1.weight_ih", 0.25),
            ("layers.1.weight_hh", 0.25), ("layers.1.bias_ih", 0.25), ("layers.1.bias_hh", 0.25),
        ]
        for (name, expected) in bounds {
            #expect(bound(model, name) <= expected && bound(model, name) > 0.9 * expected, "\(name)")
        }
        #expect(bound(model, "decoder.bias") == 0)
        #expect(Set(bounds.map(\.0) + ["decoder.bias"]) == Set(model.parameters.shapes.map(\.name)))
    }

    @Test func eachLayerHasAStreamOfItsOwn() throws {
        let tied = try LanguageModel(configuration(tied: true), vocabularySize: 30, seed: 1)
        let untied = try LanguageModel(configuration(tied: false), vocabularySize: 30, seed: 1)
        for shape in tied.parameters.shapes {
            #expect(tied.parameters[shape.name].toArray() == untied.parameters[shape.name].toArray(), "\(shape.name)")
        }
        let other = try LanguageModel(configuration(tied: true), vocabularySize: 30, seed: 2)
        #expect(tied.parameters.flat.toArray() != other.parameters.flat.toArray())
        #expect(untied.parameters["decoder.weight"].toArray() != untied.parameters["embedding.weight"].toArray())
        let deep = try LanguageModel(configuration(tied: true, layers: 4), vocabularySize: 30, seed: 1).parameters
        for name in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
            #expect(deep["layers.1.\(name)"].toArray() != deep["layers.2.\(name)"].toArray(), "\(name)")
        }
    }

    @Test(arguments: CellKind.allCases.filter(\.hasHiddenProduct)) func orthogonalGatesHaveSingularValuesOfOne(cell: CellKind) throws {
        var configuration = configuration(tied: true)
        configuration.cell = cell
        configuration.recurrentInitialisation = .orthogonal
        let model = try LanguageModel(configuration, vocabularySize: 30, seed: 1)
        for (layer, size) in [25, 16].enumerated() {
            let weights = model.layerParameters(layer).hiddenWeights
            for gate in 0..<cell.gateCount {
                let values = try weights.rows(gate * size..<(gate + 1) * size).singularValues()
                #expect(values.allSatisfy { abs($0 - 1) < 1e-5 })
            }
        }
    }
}
