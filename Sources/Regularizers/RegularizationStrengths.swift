/// The strength of each of the seven techniques of the paper (§3–§4); a technique at strength 0, or off, is absent.
public struct RegularizationStrengths: Equatable, Sendable, Codable {
    /// DropConnect probability on each layer's hidden-to-hidden matrix, in [0, 1). See ``WeightDropping``.
    public var weightDropping: Float = 0
    /// Draws the length of each training window. See ``VariableLengthBPTT``.
    public var variableLengthBPTT = false
    /// Locked-dropout probability on the embedding output, in [0, 1). See ``VariationalDropout``.
    public var variationalDropoutInput: Float = 0
    /// Locked-dropout probability between recurrent layers, in [0, 1).
    public var variationalDropoutHidden: Float = 0
    /// Locked-dropout probability on the last layer's output, in [0, 1).
    public var variationalDropoutOutput: Float = 0
    /// Probability that a word's whole embedding row is dropped for a window, in [0, 1). See ``EmbeddingDropout``.
    public var embeddingDropout: Float = 0
    /// Shares the embedding matrix with the decoder. See ``WeightTying``.
    public var weightTying = false
    /// Lets the embedding size differ from the hidden size. See ``IndependentSizes``.
    public var independentSizes = true
    /// α of activation regularization. See ``ActivationRegularization``.
    public var ar: Float = 0
    /// β of temporal activation regularization. See ``TemporalActivationRegularization``.
    public var tar: Float = 0

    /// Everything off, and independent sizes as given.
    public init() {}
}
