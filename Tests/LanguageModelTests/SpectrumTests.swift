import Kernels
import LanguageModel
import Recurrent
import Testing

@Suite struct SpectrumTests {
    /// A matrix with one value in each column has these as its singular values.
    @Test(arguments: CellKind.allCases) func theSingularValuesAreThoseOfWhatWeightDroppingActsOn(cell: CellKind) throws {
        var configuration = SmallText.configuration
        configuration.cell = cell
        let model = LanguageModel(configuration, vocabularySize: SmallText.vocabularySize)
        model.parameters.flat.fill(7)
        var expected: [[Float]] = []
        for layer in 0..<2 {
            let matrix = model.layerParameters(layer).droppedWeights
            let values = (0..<matrix.columns).map { Float(10 * layer + $0 + 1) }
            matrix.assign((0..<matrix.count).map { index in
                let (row, column) = (index / matrix.columns, index % matrix.columns)
                return row == column ? values[column] : 0
            })
            expected.append(values.reversed())
        }
        let spectrum = try Spectrum(model)
        #expect(spectrum.matrices.map(\.name) == (0..<2).map { "layers.\($0)." + (cell == .qrnn ? "linear.weight" : "weight_hh") })
        for (matrix, values) in zip(spectrum.matrices, expected) {
            #expect(matrix.columns == values.count && matrix.rows >= values.count)
            #expect(zip(matrix.singularValues, values).allSatisfy { abs($0 - $1) < 1e-4 } && matrix.singularValues.count == values.count, "\(matrix.singularValues)")
        }
    }
}
