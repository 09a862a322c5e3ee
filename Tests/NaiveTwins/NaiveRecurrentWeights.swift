/// The parameter blocks of one recurrent layer, or their gradients. G gates, H outputs, I inputs.
public struct NaiveRecurrentWeights: Equatable, Sendable {
    /// [G·H, I], or [G·H, 2·I]
    public var inputWeight: NaiveMatrix
    /// [G·H, H]; [0, H] for the QRNN
    public var hiddenWeight: NaiveMatrix
    /// [1, G·H]
    public var inputBias: NaiveMatrix
    /// [1, G·H]; empty for the QRNN
    public var hiddenBias: NaiveMatrix

    public init(inputWeight: NaiveMatrix, hiddenWeight: NaiveMatrix, inputBias: NaiveMatrix, hiddenBias: NaiveMatrix) {
        self.inputWeight = inputWeight
        self.hiddenWeight = hiddenWeight
        self.inputBias = inputBias
        self.hiddenBias = hiddenBias
    }

    /// Zeros of the same shapes.
    public var zeros: NaiveRecurrentWeights {
        NaiveRecurrentWeights(
            inputWeight: NaiveMatrix(rows: inputWeight.rows, columns: inputWeight.columns),
            hiddenWeight: NaiveMatrix(rows: hiddenWeight.rows, columns: hiddenWeight.columns),
            inputBias: NaiveMatrix(rows: 1, columns: inputBias.columns),
            hiddenBias: NaiveMatrix(rows: hiddenBias.rows, columns: hiddenBias.columns))
    }

    /// The block that weight-dropping masks.
    public var dropped: NaiveMatrix {
        get { hiddenWeight.rows > 0 ? hiddenWeight : inputWeight }
        set {
            if hiddenWeight.rows > 0 { hiddenWeight = newValue } else { inputWeight = newValue }
        }
    }

    public var hiddenSize: Int { hiddenWeight.columns }
}
