/// What one window is: T·B inputs and their successors, row = t·B + b, and the masks it is trained with.
public struct NaiveWindow: Equatable, Sendable {
    public var inputs: [Int]
    public var targets: [Int]
    public var batchSize: Int
    public var masks: NaiveMasks

    public init(inputs: [Int], targets: [Int], batchSize: Int, masks: NaiveMasks) {
        self.inputs = inputs
        self.targets = targets
        self.batchSize = batchSize
        self.masks = masks
    }
}
