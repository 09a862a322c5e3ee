/// The dropout masks of one window, as factors: 0, or 1/(1 − p). A missing mask stands for all ones.
public struct NaiveMasks: Equatable, Sendable {
    /// [V]: the factor of each word's row.
    public var embeddingRows: [Double]?
    /// [B, E], on the embedding output.
    public var input: NaiveMatrix?
    /// [B, H] each: entry k lies between layer k and layer k + 1.
    public var hidden: [NaiveMatrix?]
    /// [B, E], on the last layer's output.
    public var output: NaiveMatrix?
    /// [G·H, H] each: entry k belongs to the hidden-to-hidden matrix of layer k, or to the QRNN layer's only one.
    public var weights: [NaiveMatrix?]
    /// [T·B, H] each: entry k multiplies the gate of QRNN layer k; 0 or 1.
    public var zoneout: [NaiveMatrix?]

    /// No mask at all.
    public init(layers: Int) {
        hidden = Array(repeating: nil, count: layers - 1)
        weights = Array(repeating: nil, count: layers)
        zoneout = weights
    }
}
