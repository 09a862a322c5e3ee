/// Central differences: the judge of a gradient written by hand.
public enum FiniteDifference {
    /// - Parameters:
    ///   - values: the point at which the gradient is wanted.
    ///   - step: the distance to either side.
    ///   - loss: the function of the values.
    /// - Returns: one partial derivative an entry.
    public static func gradient(
        at values: [Double], step: Double = 1e-5, of loss: ([Double]) -> Double
    ) -> [Double] {
        values.indices.map { index in
            var moved = values
            moved[index] = values[index] + step
            let above = loss(moved)
            moved[index] = values[index] - step
            return (above - loss(moved)) / (2 * step)
        }
    }
}
