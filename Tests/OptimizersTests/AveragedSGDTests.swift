import Kernels
import Optimizers
import Testing

@Suite struct AveragedSGDTests {
    @Test func theAverageIsTheMeanOfTheIterates() throws {
        let size = 37
        // Whatever its memory held before.
        var averaged = AveragedSGD(learningRate: 0.3, weightDecay: 0.01, average: row([Float](repeating: 1e6, count: size)))
        var plain = SGD(learningRate: 0.3, weightDecay: 0.01)
        var random = RandomStream(seed: 1, name: "test")
        let start = (0..<size).map { _ in Float(random.normal()) }
        let (parameters, reference) = (row(start), row(start))
        var sum = [Double](repeating: 0, count: size)
        for step in 1...25 {
            let gradients = row((0..<size).map { _ in Float(random.normal()) })
            averaged.step(parameters, gradients: gradients, clip: 0.8, learningRateScale: Float(step) / 20)
            plain.step(reference, gradients: gradients, clip: 0.8, learningRateScale: Float(step) / 20)
            #expect(parameters.toArray() == reference.toArray(), "the raw weights descend as without averaging")
            for (index, value) in reference.toArray().enumerated() { sum[index] += Double(value) }
            let average = try #require(averaged.average).toArray()
            for (actual, total) in zip(average, sum) { #expect(abs(Double(actual) - total / Double(step)) < 1e-5) }
        }
        #expect(averaged.steps == 25)
    }
}
