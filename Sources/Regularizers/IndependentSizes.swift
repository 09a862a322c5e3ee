/// An embedding size of its own (§4.5): the first layer reads E, the last writes E, the others are H wide.
///
/// Off is the paper's "full sized embedding" row: E is raised to H.
public struct IndependentSizes: Sendable {
    public let isOn: Bool

    public init(isOn: Bool) { self.isOn = isOn }

    /// E as the model uses it.
    public func embeddingSize(_ embeddingSize: Int, hiddenSize: Int) -> Int { isOn ? embeddingSize : hiddenSize }

    /// Input and output width of each of `layers` layers.
    public func layerSizes(embeddingSize: Int, hiddenSize: Int, layers: Int) -> [(input: Int, output: Int)] {
        let width = self.embeddingSize(embeddingSize, hiddenSize: hiddenSize)
        return (0..<layers).map { (input: $0 == 0 ? width : hiddenSize, output: $0 == layers - 1 ? width : hiddenSize) }
    }
}
