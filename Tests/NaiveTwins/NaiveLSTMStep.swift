import Foundation

/// One LSTM step of one stream:
/// i, f, o = σ(W x + b + U h + b'), g = tanh(W x + b + U h + b'), c' = f ∘ c + i ∘ g, h' = o ∘ tanh(c').
public struct NaiveLSTMStep: NaiveStep {
    let input: [Double]
    let hiddenBefore: [Double]
    let cellBefore: [Double]
    let inputGate: [Double]
    let forgetGate: [Double]
    let candidate: [Double]
    let outputGate: [Double]
    public let cell: [Double]
    public let hidden: [Double]

    public init(input: [Double], hidden: [Double], cell: [Double], weights: NaiveRecurrentWeights) {
        let size = weights.hiddenSize
        let fromInput = weights.inputWeight.times(input)
        let fromHidden = weights.hiddenWeight.times(hidden)
        let sum = (0..<4 * size).map {
            fromInput[$0] + weights.inputBias[0, $0] + fromHidden[$0] + weights.hiddenBias[0, $0]
        }
        let i = (0..<size).map { sigmoid(sum[$0]) }
        let f = (0..<size).map { sigmoid(sum[size + $0]) }
        let g = (0..<size).map { tanh(sum[2 * size + $0]) }
        let o = (0..<size).map { sigmoid(sum[3 * size + $0]) }
        let c = (0..<size).map { f[$0] * cell[$0] + i[$0] * g[$0] }
        (self.input, hiddenBefore, cellBefore) = (input, hidden, cell)
        (inputGate, forgetGate, candidate, outputGate) = (i, f, g, o)
        self.cell = c
        self.hidden = (0..<size).map { o[$0] * tanh(c[$0]) }
    }

    public func backward(
        hiddenGradient: [Double], cellGradient: [Double], weights: NaiveRecurrentWeights,
        gradients: inout NaiveRecurrentWeights
    ) -> (input: [Double], hidden: [Double], cell: [Double]) {
        let size = weights.hiddenSize
        var sumGradient = Array(repeating: 0.0, count: 4 * size)
        var cellBeforeGradient = Array(repeating: 0.0, count: size)
        for k in 0..<size {
            let (i, f, g, o) = (inputGate[k], forgetGate[k], candidate[k], outputGate[k])
            let squashed = tanh(cell[k])
            let dc = cellGradient[k] + hiddenGradient[k] * o * (1 - squashed * squashed)
            sumGradient[k] = dc * g * i * (1 - i)
            sumGradient[size + k] = dc * cellBefore[k] * f * (1 - f)
            sumGradient[2 * size + k] = dc * i * (1 - g * g)
            sumGradient[3 * size + k] = hiddenGradient[k] * squashed * o * (1 - o)
            cellBeforeGradient[k] = dc * f
        }
        gradients.inputWeight.addOuter(sumGradient, input)
        gradients.hiddenWeight.addOuter(sumGradient, hiddenBefore)
        gradients.inputBias.addToRow(0, sumGradient)
        gradients.hiddenBias.addToRow(0, sumGradient)
        return (
            weights.inputWeight.transposedTimes(sumGradient), weights.hiddenWeight.transposedTimes(sumGradient),
            cellBeforeGradient
        )
    }
}
