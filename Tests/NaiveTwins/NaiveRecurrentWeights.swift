/// The four parameter blocks of one recurrent layer, or their gradients. G gates, H outputs, I inputs.
public struct NaiveRecurrentWeights: Equatable, Sendable {
    /// [G·H, I]
    public var inputWeight: NaiveMatrix
    /// [G·H, H]
    public var hiddenWeight: NaiveMatrix
    /// [1, G·H]
    public var inputBias: NaiveMatrix
    /// [1, G·H]
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
            hiddenBias: NaiveMatrix(rows: 1, columns: hiddenBias.columns))
    }

    public var hiddenSize: Int { hiddenWeight.columns }
    public var inputSize: Int { inputWeight.columns }
}
