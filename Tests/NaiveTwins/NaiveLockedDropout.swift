/// Multiplies every time step of a sequence [T, B, N] by the same mask [B, N]. Its backward pass is itself.
public enum NaiveLockedDropout {
    public static func apply(_ sequence: NaiveMatrix, mask: NaiveMatrix?) -> NaiveMatrix {
        guard let mask else { return sequence }
        var result = sequence
        for row in 0..<sequence.rows {
            for column in 0..<sequence.columns { result[row, column] *= mask[row % mask.rows, column] }
        }
        return result
    }
}
