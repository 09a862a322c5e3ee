import Kernels

/// The singular values of the weight matrices that weight-dropping acts on: the recurrent ones, or the QRNN's.
public struct Spectrum: Sendable {
    /// One hidden-to-hidden matrix, or a QRNN layer's only one, all gates under one another.
    public struct Matrix: Sendable {
        /// As in the checkpoint: `layers.0.weight_hh` or `layers.0.linear.weight`.
        public let name: String
        public let rows: Int
        public let columns: Int
        /// Largest first.
        public let singularValues: [Float]
    }

    public let matrices: [Matrix]

    /// - Throws: `LinearAlgebraError` when a decomposition does not converge.
    public init(_ model: LanguageModel) throws {
        matrices = try model.parameters.shapes.filter { $0.name.hasSuffix(".weight_hh") || $0.name.hasSuffix(".linear.weight") }.map { shape in
            Matrix(
                name: shape.name, rows: shape.rows, columns: shape.columns,
                singularValues: try model.parameters[shape.name].singularValues())
        }
    }
}
