import Optimizers
import Testing

@Suite struct GradientClippingTests {
    @Test(arguments: [
        (0.25, 1.0, 0.25), (0.25, 0.25, 1.0), (0.25, 0.1, 1.0), (0.25, 0.0, 1.0), (0.0, 1000.0, 1.0), (5.0, 20.0, 0.25),
    ])
    func factorBringsTheNormDown(maximumNorm: Double, norm: Double, factor: Double) {
        let clipping = GradientClipping(maximumNorm: Float(maximumNorm))
        #expect(abs(Double(clipping.factor(norm: norm)) - factor) < 1e-6)
    }
}
