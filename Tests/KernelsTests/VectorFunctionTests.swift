import CKernels
import Foundation
import Testing

/// The vectorised functions against the standard library in double precision, over all magnitudes of a float.
@Suite struct VectorFunctionTests {
    typealias Function = (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void

    /// The largest error over every 997th float of both signs up to `limit`, in units of the last place.
    private func worstError(limit: Float, _ function: Function, _ exact: (Double) -> Double) -> Double {
        let magnitudes = stride(from: UInt32(0), through: limit.bitPattern, by: 997).map { Float(bitPattern: $0) }
        let values = magnitudes + magnitudes.map { -$0 }
        var results = [Float](repeating: 0, count: values.count)
        function(values.count, values, &results)
        return zip(values, results).map { value, result in
            let expected = exact(Double(value))
            return abs(Double(result) - expected) / Double(max(Float(expected).ulp, Float.leastNormalMagnitude.ulp))
        }.max() ?? 0
    }

    @Test func exponential() { #expect(worstError(limit: 87, { ck_exp($0, $1, $2) }, exp) <= 2) }

    @Test func sigmoid() { #expect(worstError(limit: 87, { ck_sigmoid($0, $1, $2) }, { 1 / (1 + exp(-$0)) }) <= 3) }

    @Test func hyperbolicTangent() {
        #expect(worstError(limit: .greatestFiniteMagnitude, { ck_tanh($0, $1, $2) }, tanh) <= 2)
    }

    @Test func theEndsOfTheRange() {
        let values: [Float] = [-.infinity, -1000, -88, 89, 1000, .infinity, .nan]
        var (exponentials, sigmoids, tangents) = ([Float](values), values, values)
        ck_exp(values.count, values, &exponentials)
        ck_sigmoid(values.count, values, &sigmoids)
        ck_tanh(values.count, values, &tangents)
        #expect(exponentials.prefix(6) == [0, 0, 0, .infinity, .infinity, .infinity] && exponentials[6].isNaN)
        #expect(sigmoids.prefix(2) == [0, 0] && sigmoids[3...5] == [1, 1, 1] && sigmoids[6].isNaN)
        #expect(tangents.prefix(6) == [-1, -1, -1, 1, 1, 1] && tangents[6].isNaN)
    }

    /// A compiler that takes the gates of several rows for overlapping memory goes through them value by value.
    @Test(arguments: ["lstm", "gru", "qrnn"]) func `many rows are as fast as each of them alone`(_ cell: String) {
        let (batch, hidden) = (20, 1150)
        let buffers = (0..<7).map { _ in [Float](repeating: 0.1, count: batch * 4 * hidden) }
        func fastest(_ rows: Int) -> Duration {
            (0..<30).map { _ in
                var (gates, others) = (buffers[0], buffers[1])
                var (first, second) = (buffers[2], buffers[3])
                return ContinuousClock().measure {
                    for _ in 0..<batch / rows {
                        switch cell {
                        case "lstm":
                            ck_lstm_forward(rows, hidden, &gates, buffers[4], buffers[5], buffers[6], &first, &second)
                            ck_lstm_backward(rows, hidden, &gates, buffers[4], buffers[5], buffers[6], &first)
                        case "qrnn":
                            ck_qrnn_forward(rows, hidden, &gates, buffers[4], buffers[5], buffers[6], &first, &second)
                            ck_qrnn_backward(rows, hidden, &gates, buffers[4], buffers[5], buffers[6], &second, &first)
                        default:
                            ck_gru_forward(rows, hidden, &gates, &others, buffers[4], buffers[5], buffers[6], &first)
                            ck_gru_backward(rows, hidden, &gates, &others, buffers[4], buffers[5], &first)
                        }
                    }
                }
            }.min() ?? .zero
        }
        #expect(fastest(batch) < fastest(1) * 3)
    }
}
