import Kernels
import Optimizers
import Testing

func row(_ values: [Float]) -> Matrix {
    let matrix = Matrix(rows: 1, columns: values.count)
    matrix.assign(values)
    return matrix
}

@Suite struct SGDTests {
    @Test func decayIsAddedAfterClipping() {
        var optimizer = SGD(learningRate: 0.5, weightDecay: 0.1)
        let parameters = row([1, -2, 4])
        let gradients = row([8, 0, -16])
        optimizer.step(parameters, gradients: gradients, clip: 0.25, learningRateScale: 2)
        // θ − 0.5·2·(0.25·g + 0.1·θ)
        for (actual, expected) in zip(parameters.toArray(), [1 - 2 - 0.1, -2 + 0.2, 4 + 4 - 0.4] as [Float]) {
            #expect(abs(actual - expected) < 1e-6)
        }
        #expect(gradients.toArray() == [8, 0, -16])
        #expect(optimizer.average == nil)
    }

    @Test func theLearningRateScaleHoldsForOneStep() {
        var optimizer = SGD(learningRate: 1, weightDecay: 0)
        let parameters = row([0])
        optimizer.step(parameters, gradients: row([1]), clip: 1, learningRateScale: 0.5)
        optimizer.step(parameters, gradients: row([1]), clip: 1, learningRateScale: 1)
        #expect(parameters.toArray() == [-1.5])
    }
}
