import Foundation

/// One step of one stream of a quasi-recurrent layer, as the authors' code has it:
/// z = tanh(W x + b), f, o = σ(W x + b), c' = m ∘ f ∘ z + (1 − m ∘ f) ∘ c, h' = o ∘ c', with the factors m of zoneout.
///
/// The input x is all that the step reads: in a window of two, the input of its own step and then that of the step before.
public struct NaiveQRNNStep: NaiveStep {
    let input: [Double]
    let cellBefore: [Double]
    let candidate: [Double]
    let forget: [Double]
    let outputGate: [Double]
    let factors: [Double]
    public let hidden: [Double]
    public let cell: [Double]

    public init(input: [Double], cell: [Double], factors: [Double]?, weights: NaiveRecurrentWeights) {
        let size = weights.hiddenSize
        let product = weights.inputWeight.times(input)
        let sum = product.indices.map { product[$0] + weights.inputBias[0, $0] }
        let m = factors ?? Array(repeating: 1, count: size)
        let z = (0..<size).map { tanh(sum[$0]) }
        let f = (0..<size).map { sigmoid(sum[size + $0]) }
        let o = (0..<size).map { sigmoid(sum[2 * size + $0]) }
        let c = (0..<size).map { (k: Int) -> Double in
            let update = m[k] * f[k]
            return update * z[k] + (1 - update) * cell[k]
        }
        (self.input, cellBefore, self.factors) = (input, cell, m)
        (candidate, forget, outputGate) = (z, f, o)
        self.cell = c
        hidden = (0..<size).map { o[$0] * c[$0] }
    }

    public func backward(
        hiddenGradient: [Double], cellGradient: [Double], weights: NaiveRecurrentWeights,
        gradients: inout NaiveRecurrentWeights
    ) -> (input: [Double], hidden: [Double], cell: [Double]) {
        let size = weights.hiddenSize
        var sumGradient = Array(repeating: 0.0, count: 3 * size)
        var cellBeforeGradient = Array(repeating: 0.0, count: size)
        for k in 0..<size {
            let (z, f, o, m) = (candidate[k], forget[k], outputGate[k], factors[k])
            let dc = cellGradient[k] + hiddenGradient[k] * o
            let dupdate = dc * (z - cellBefore[k])
            sumGradient[k] = dc * m * f * (1 - z * z)
            sumGradient[size + k] = dupdate * m * f * (1 - f)
            sumGradient[2 * size + k] = hiddenGradient[k] * cell[k] * o * (1 - o)
            cellBeforeGradient[k] = dc * (1 - m * f)
        }
        gradients.inputWeight.addOuter(sumGradient, input)
        gradients.inputBias.addToRow(0, sumGradient)
        return (weights.inputWeight.transposedTimes(sumGradient), Array(repeating: 0, count: size), cellBeforeGradient)
    }
}
