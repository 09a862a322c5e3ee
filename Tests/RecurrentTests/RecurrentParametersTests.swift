import Kernels
import Recurrent
import Testing

@Suite struct RecurrentParametersTests {
    private func initialised(_ kind: CellKind, _ initialisation: RecurrentInitialisation) throws -> RecurrentParameters {
        let storage = ParameterStorage(RecurrentParameters.shapes(layer: 2, kind: kind, inputSize: 40, hiddenSize: 25))
        let parameters = RecurrentParameters(layer: 2, in: storage)
        var stream = RandomStream(seed: 1, name: "layers.2")
        try parameters.initialise(initialisation, stream: &stream)
        return parameters
    }

    private static let hiddenToHidden = CellKind.allCases.filter(\.hasHiddenProduct)

    /// The reference code's `linear` of each layer: it reads two steps in the first.
    @Test func aQRNNLayerHasOneMatrix() throws {
        for (layer, columns) in [(0, 10), (1, 5)] {
            let shapes = RecurrentParameters.shapes(layer: layer, kind: .qrnn, inputSize: 5, hiddenSize: 7)
            #expect(shapes == [
                ParameterShape("layers.\(layer).linear.weight", 21, columns), ParameterShape("layers.\(layer).linear.bias", 1, 21),
            ])
        }
        let parameters = try initialised(.qrnn, .uniform)
        #expect(parameters.hiddenWeights.count == 0 && parameters.hiddenBias.count == 0 && parameters.droppedWeights.count == 75 * 40)
        // 1/√40: a linear layer of PyTorch goes by what it reads.
        for matrix in [parameters.inputWeights, parameters.inputBias] {
            let largest = try #require(matrix.toArray().map(abs).max())
            #expect(largest <= 0.1582 && largest > 0.14)
        }
    }

    @Test(arguments: hiddenToHidden) func shapesAreGatesByWidths(kind: CellKind) {
        let gates = kind == .lstm ? 4 : 3
        #expect(
            RecurrentParameters.shapes(layer: 1, kind: kind, inputSize: 5, hiddenSize: 7) == [
                ParameterShape("layers.1.weight_ih", gates * 7, 5), ParameterShape("layers.1.weight_hh", gates * 7, 7),
                ParameterShape("layers.1.bias_ih", 1, gates * 7), ParameterShape("layers.1.bias_hh", 1, gates * 7),
            ])
    }

    @Test(arguments: hiddenToHidden) func uniformValuesFillTheirInterval(kind: CellKind) throws {
        let parameters = try initialised(kind, .uniform)
        // 1/√25, for the input weights too: PyTorch goes by the output size.
        for matrix in [parameters.inputWeights, parameters.hiddenWeights, parameters.inputBias, parameters.hiddenBias] {
            let values = matrix.toArray()
            let largest = try #require(values.map(abs).max())
            #expect(largest <= 0.2 && largest > 0.18)
            #expect(abs(values.reduce(0, +) / Float(values.count)) < 0.06)
        }
        #expect(parameters.inputBias.toArray() != parameters.hiddenBias.toArray())
    }

    @Test(arguments: hiddenToHidden) func everyGateOfAnOrthogonalMatrixIsOrthogonal(kind: CellKind) throws {
        let parameters = try initialised(kind, .orthogonal)
        var gates: [[Float]] = []
        for gate in 0..<kind.gateCount {
            let block = parameters.hiddenWeights.rows(gate * 25..<(gate + 1) * 25)
            for row in 0..<25 {
                for other in 0...row {
                    let product = (0..<25).reduce(Float(0)) { $0 + block[row, $1] * block[other, $1] }
                    #expect(abs(product - (row == other ? 1 : 0)) < 1e-5)
                }
            }
            gates.append(block.toArray())
        }
        #expect(Set(gates).count == kind.gateCount, "each gate has a matrix of its own")
    }

    @Test func theInitialisationChangesOnlyTheHiddenWeights() throws {
        let (uniform, orthogonal) = (try initialised(.lstm, .uniform), try initialised(.lstm, .orthogonal))
        #expect(uniform.inputWeights.toArray() == orthogonal.inputWeights.toArray())
        #expect(uniform.inputBias.toArray() == orthogonal.inputBias.toArray())
        #expect(uniform.hiddenBias.toArray() == orthogonal.hiddenBias.toArray())
        #expect(uniform.hiddenWeights.toArray() != orthogonal.hiddenWeights.toArray())
    }
}
