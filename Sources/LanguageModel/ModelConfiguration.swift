import Documents
import Kernels
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
    /// What the factors of all matrix products are rounded to, in training and in evaluation.
    public var precision: Precision {
        get { storedPrecision ?? .float32 }
        set { storedPrecision = newValue == .float32 ? nil : newValue }
    }
    /// Files have no such values where there is no zoneout, and where the precision is float32, as those that were written before there were others.
    private var storedZoneout: Float?
    private var storedPrecision: Precision?

    private enum CodingKeys: String, CodingKey {
        case cell, embeddingSize, hiddenSize, layers, recurrentInitialisation, regularization
        case storedZoneout = "zoneout"
        case storedPrecision = "precision"
    }

    public init() {}
    /// Makes sure that this machine can do the products of the model.
    ///
    /// - Throws: `InputError` (`usage`) naming what is missing.
    public func checkPrecision() throws { try checkPrecision(paths: ProductPath.available) }

    /// The same for a machine that has other paths.
    package func checkPrecision(paths: [ProductPath]) throws {
        if let missing = precision.missing(from: paths) { throw InputError.usage("precision: \(precision.rawValue): \(missing)") }
    }
}
