import Recurrent
import Regularizers

/// What a model is, apart from its weights: cell, sizes and the strengths of its regularizers.
public struct ModelConfiguration: Equatable, Sendable, Codable {
    public var cell: CellKind = .lstm
    /// E, the width of a word vector. Used as written when the sizes are independent, else raised to ``hiddenSize``.
    public var embeddingSize = 400
    /// H, the width of all recurrent layers but the last, which writes E.
    public var hiddenSize = 1150
    /// L, the number of recurrent layers.
    public var layers = 3
    public var recurrentInitialisation: RecurrentInitialisation = .uniform
    public var regularization = RegularizationStrengths()

    public init() {}
}
