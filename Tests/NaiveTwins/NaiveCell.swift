/// The recurrent cells.
public enum NaiveCell: String, CaseIterable, Sendable, Codable {
    case lstm
    case gru
    case qrnn

    /// LSTM: input, forget, cell, output. GRU: reset, update, new. QRNN: candidate, forget, output.
    public var gateCount: Int { self == .lstm ? 4 : 3 }

    /// Number of steps of the input that a step of layer `layer` reads.
    public func inputWindow(layer: Int) -> Int { self == .qrnn && layer == 0 ? 2 : 1 }
}

/// What a layer hands to its next window: hidden [B, H], for the LSTM and the QRNN the cell [B, H], and the last input [B, I] where the next
/// step reads it.
public struct NaiveState: Equatable, Sendable {
    public var hidden: NaiveMatrix
    /// Left at zero by the GRU.
    public var cell: NaiveMatrix
    public var input: NaiveMatrix?

    public init(hidden: NaiveMatrix, cell: NaiveMatrix, input: NaiveMatrix? = nil) {
        self.hidden = hidden
        self.cell = cell
        self.input = input
    }

    public static func zero(batchSize: Int, hiddenSize: Int, inputSize: Int? = nil) -> NaiveState {
        let zeros = NaiveMatrix(rows: batchSize, columns: hiddenSize)
        return NaiveState(hidden: zeros, cell: zeros, input: inputSize.map { NaiveMatrix(rows: batchSize, columns: $0) })
    }
}

/// What one time step of one stream needs in order to be run backward.
public protocol NaiveStep {
    /// h', the output of the step.
    var hidden: [Double] { get }
    /// c', or an empty vector.
    var cell: [Double] { get }

    /// Given dL/dh' and dL/dc', adds to the gradients and returns dL/dx, dL/dh and dL/dc.
    func backward(
        hiddenGradient: [Double], cellGradient: [Double], weights: NaiveRecurrentWeights,
        gradients: inout NaiveRecurrentWeights
    ) -> (input: [Double], hidden: [Double], cell: [Double])
}
