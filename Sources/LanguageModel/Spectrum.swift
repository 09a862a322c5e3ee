import Kernels

/// The singular values of a model's recurrent weight matrices.
public struct Spectrum: Sendable {
    /// One hidden-to-hidden matrix, all gates under one another.
    public struct Matrix: Sendable {
        /// As in the checkpoint: `layers.0.weight_hh`.
        public let name: String
        public let rows: Int
        public let columns: Int
        /// Largest first.
        public let singularValues: [Float]
    }

    public let matrices: [Matrix]

    /// - Throws: `LinearAlgebraError` when a decomposition does not converge.
    public init(_ model: LanguageModel) throws {
        matrices = try model.parameters.shapes.filter { $0.name.hasSuffix(".weight_hh") }.map { shape in
            Matrix(
                name: shape.name, rows: shape.rows, columns: shape.columns,
                singularValues: try model.parameters[shape.name].singularValues())
        }
    }
}
