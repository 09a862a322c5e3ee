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
    /// Probability that a value of a QRNN's cell stays what it was, in [0, 1); see ``Regularizers/Zoneout``. Other cells have none.
    public var zoneout: Float {
        get { storedZoneout ?? 0 }
        set { storedZoneout = newValue == 0 ? nil : newValue }
    }
    /// Files have no such value where there is no zoneout, as those that were written before there was any.
    private var storedZoneout: Float?

    private enum CodingKeys: String, CodingKey {
        case cell, embeddingSize, hiddenSize, layers, recurrentInitialisation, regularization
        case storedZoneout = "zoneout"
    }

    public init() {}
}
