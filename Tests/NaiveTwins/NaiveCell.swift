/// The two recurrent cells.
public enum NaiveCell: String, CaseIterable, Sendable, Codable {
    case lstm
    case gru

    /// LSTM: input, forget, cell, output. GRU: reset, update, new.
    public var gateCount: Int { self == .lstm ? 4 : 3 }
}

/// What a layer hands to its next window: hidden [B, H], and for the LSTM the cell [B, H].
public struct NaiveState: Equatable, Sendable {
    public var hidden: NaiveMatrix
    /// Left at zero by the GRU.
    public var cell: NaiveMatrix

    public init(hidden: NaiveMatrix, cell: NaiveMatrix) {
        self.hidden = hidden
        self.cell = cell
    }

    public static func zero(batchSize: Int, hiddenSize: Int) -> NaiveState {
        let zeros = NaiveMatrix(rows: batchSize, columns: hiddenSize)
        return NaiveState(hidden: zeros, cell: zeros)
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
