import Foundation

/// Round numbers along an axis.
enum Scale {
    /// A distance of 1, 2 or 5 times a power of ten that gives about so many ticks.
    static func step(of range: ClosedRange<Double>, count: Int) -> String {
        let rough = (range.upperBound - range.lowerBound) / Double(max(1, count))
        let power = pow(10, floor(log10(max(rough, 1e-9))))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
        return String(format: "%g", step)
    }

    /// Ticks of a logarithmic axis, at most about eight.
    static func logarithmicTicks(_ range: ClosedRange<Double>) -> [Double] {
        let decades = Int(floor(log10(range.lowerBound)))...Int(floor(log10(range.upperBound)))
        let parts: [Double] = log10(range.upperBound / range.lowerBound) < 0.5
            ? [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9]
            : decades.count > 3 ? [1] : [1, 1.5, 2, 3, 5, 7]
        return decades.flatMap { decade in parts.map { $0 * pow(10, Double(decade)) } }.filter(range.contains)
    }
}
