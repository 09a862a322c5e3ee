import Foundation

/// One GRU step of one stream, the reset gate applied after the hidden product:
/// r, z = σ(W x + b + U h + b'), n = tanh(W x + b + r ∘ (U h + b')), h' = (1 − z) ∘ n + z ∘ h.
public struct NaiveGRUStep: NaiveStep {
    let input: [Double]
    let hiddenBefore: [Double]
    let reset: [Double]
    let update: [Double]
    let new: [Double]
    /// U h + b' of the new gate.
    let newFromHidden: [Double]
    public let hidden: [Double]
    public var cell: [Double] { [] }

    public init(input: [Double], hidden: [Double], weights: NaiveRecurrentWeights) {
        let size = weights.hiddenSize
        let inputProduct = weights.inputWeight.times(input)
        let hiddenProduct = weights.hiddenWeight.times(hidden)
        let fromInput = (0..<3 * size).map { inputProduct[$0] + weights.inputBias[0, $0] }
        let fromHidden = (0..<3 * size).map { hiddenProduct[$0] + weights.hiddenBias[0, $0] }
        let r = (0..<size).map { sigmoid(fromInput[$0] + fromHidden[$0]) }
        let z = (0..<size).map { sigmoid(fromInput[size + $0] + fromHidden[size + $0]) }
        let n = (0..<size).map { tanh(fromInput[2 * size + $0] + r[$0] * fromHidden[2 * size + $0]) }
        (self.input, hiddenBefore) = (input, hidden)
        (reset, update, new) = (r, z, n)
        newFromHidden = (0..<size).map { fromHidden[2 * size + $0] }
        self.hidden = (0..<size).map { (1 - z[$0]) * n[$0] + z[$0] * hidden[$0] }
    }

    public func backward(
        hiddenGradient: [Double], cellGradient: [Double], weights: NaiveRecurrentWeights,
        gradients: inout NaiveRecurrentWeights
    ) -> (input: [Double], hidden: [Double], cell: [Double]) {
        let size = weights.hiddenSize
        var fromInputGradient = Array(repeating: 0.0, count: 3 * size)
        var fromHiddenGradient = Array(repeating: 0.0, count: 3 * size)
        for k in 0..<size {
            let (r, z, n) = (reset[k], update[k], new[k])
            let newSumGradient = hiddenGradient[k] * (1 - z) * (1 - n * n)
            let resetSumGradient = newSumGradient * newFromHidden[k] * r * (1 - r)
            let updateSumGradient = hiddenGradient[k] * (hiddenBefore[k] - n) * z * (1 - z)
            fromInputGradient[k] = resetSumGradient
            fromInputGradient[size + k] = updateSumGradient
            fromInputGradient[2 * size + k] = newSumGradient
            fromHiddenGradient[k] = resetSumGradient
            fromHiddenGradient[size + k] = updateSumGradient
            fromHiddenGradient[2 * size + k] = newSumGradient * r
        }
        gradients.inputWeight.addOuter(fromInputGradient, input)
        gradients.hiddenWeight.addOuter(fromHiddenGradient, hiddenBefore)
        gradients.inputBias.addToRow(0, fromInputGradient)
        gradients.hiddenBias.addToRow(0, fromHiddenGradient)
        let throughProduct = weights.hiddenWeight.transposedTimes(fromHiddenGradient)
        let hiddenBeforeGradient = (0..<size).map { throughProduct[$0] + hiddenGradient[$0] * update[$0] }
        return (weights.inputWeight.transposedTimes(fromInputGradient), hiddenBeforeGradient, [])
    }
}
