import Foundation
import Kernels

/// The state that a layer carries from window to window: a value, passed in and returned.
public struct RecurrentState: Equatable, Sendable {
    /// [B, H], the last output.
    public var hidden: [Float]
    /// [B, H], the cell of an LSTM or QRNN; empty for a GRU.
    public var cell: [Float]
    /// [B, I], the last input, of a layer that reads it again at the next step; nil for others.
    public var input: [Float]?

    public init(hidden: [Float], cell: [Float], input: [Float]? = nil) {
        self.hidden = hidden
        self.cell = cell
        self.input = input
    }

    /// The state before the first word.
    ///
    /// - Parameter inputSize: I of a layer that reads the input of the step before, too; nil for others.
    public static func zero(_ kind: CellKind, batchSize: Int, hiddenSize: Int, inputSize: Int? = nil) -> RecurrentState {
        let zeros = [Float](repeating: 0, count: batchSize * hiddenSize)
        return RecurrentState(
            hidden: zeros, cell: kind == .gru ? [] : zeros, input: inputSize.map { [Float](repeating: 0, count: batchSize * $0) })
    }
}

/// As little-endian bytes, bit by bit what they were: large batches have hundreds of thousands of values, which as text take many times
/// their memory to write. Checkpoints from before, which have lists of numbers, can be read.
extension RecurrentState: Codable {
    private enum CodingKeys: CodingKey {
        case hidden, cell, input
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func values(_ key: CodingKeys) throws -> [Float] {
            guard let bytes = try? container.decode(Data.self, forKey: key) else { return try container.decode([Float].self, forKey: key) }
            let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: MemoryLayout<Float>.size)
            guard rest == 0 else {
                throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "\(bytes.count) bytes are no float32 values")
            }
            let matrix = Matrix(rows: 1, columns: count)
            matrix.assign(bytes)
            return matrix.toArray()
        }
        hidden = try values(.hidden)
        cell = try values(.cell)
        input = try container.contains(.input) ? values(.input) : nil
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        func encode(_ values: [Float], _ key: CodingKeys) throws {
            let matrix = Matrix(rows: 1, columns: values.count)
            matrix.assign(values)
            try matrix.withData { try container.encode($0, forKey: key) }
        }
        try encode(hidden, .hidden)
        try encode(cell, .cell)
        if let input { try encode(input, .input) }
    }
}
