import Documents
import Foundation
import LanguageModel

#if canImport(Glibc)
    import Glibc
#endif

/// The event file of a run, which TensorBoard draws while the run trains.
///
/// What it holds follows from the run's intervals and its start alone: after a resumption the missing part is appended, and a file that goes
/// on otherwise, or further, is replaced, so that no step stands there twice. Times are those of training: the start, and the intervals'
/// seconds added up.
///
/// The format has three numbers, two messages and a checksum, which are written here by hand: a library for protocol buffers would bring its own
/// compiler, and one for TensorFlow's records is not to be had in Swift.
struct EventFile {
    let file: URL
    private let start: Double

    /// - Parameter start: of the run.
    init(in runFolder: URL, start: Date) {
        file = runFolder.appendingPathComponent("events.out.tfevents.ablate")
        self.start = start.timeIntervalSince1970.rounded(.down)
    }

    /// Brings the file to these intervals.
    ///
    /// - Throws: `InputError` (`inputOutput`) naming the file.
    func write(_ intervals: [IntervalMetrics]) throws {
        let wanted = content(intervals)
        guard !DurableFile.isSymbolicLink(file), let there = try? Data(contentsOf: file), wanted.starts(with: there) else {
            return try DurableFile.write(to: file) { try $0(wanted) }
        }
        // TensorBoard keeps the file open: a new one in its place would not be seen.
        let descriptor = open(file.path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError.inputOutput("\(file.path): cannot be written: \(String(cString: strerror(errno)))") }
        do {
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: wanted.dropFirst(there.count))
        } catch {
            throw InputError.inputOutput("\(file.path): cannot be written: \(TextFile.reason(error))")
        }
    }

    func content(_ intervals: [IntervalMetrics]) -> Data {
        var time = start
        var content = Self.record(Self.double(1, time) + Self.bytes(3, Data("brain.Event:2".utf8)))
        for interval in intervals {
            time += interval.seconds
            let scalars: [(String, Double?)] = [
                ("perplexity/training", interval.trainPerplexity), ("perplexity/validation-raw", interval.validationRawPerplexity),
                ("perplexity/validation-averaged", interval.validationAveragedPerplexity), ("epoch", Double(interval.epoch)),
                ("learning-rate", interval.learningRate), ("gradient-norm", interval.gradientNorm), ("clipped", interval.clipped),
                ("tokens-per-second", interval.tokensPerSecond),
            ]
            let summary = scalars.reduce(into: Data()) { summary, scalar in
                guard let value = scalar.1 else { return }
                summary += Self.bytes(1, Self.bytes(1, Data(scalar.0.utf8)) + Self.float(2, Float(value)))
            }
            content += Self.record(Self.double(1, time) + Self.integer(2, UInt64(interval.steps)) + Self.bytes(5, summary))
        }
        return content
    }

    // MARK: Protocol buffers: a field's number and kind, then its value

    private static func variable(_ value: UInt64) -> Data {
        var (value, bytes) = (value, Data())
        while value > 127 {
            bytes.append(UInt8(value & 127) | 128)
            value >>= 7
        }
        bytes.append(UInt8(value))
        return bytes
    }

    private static func integer(_ field: UInt64, _ value: UInt64) -> Data { variable(field << 3) + variable(value) }
    private static func double(_ field: UInt64, _ value: Double) -> Data { variable(field << 3 | 1) + littleEndian(value.bitPattern) }
    private static func bytes(_ field: UInt64, _ value: Data) -> Data { variable(field << 3 | 2) + variable(UInt64(value.count)) + value }
    private static func float(_ field: UInt64, _ value: Float) -> Data { variable(field << 3 | 5) + littleEndian(value.bitPattern) }

    private static func littleEndian(_ value: some FixedWidthInteger) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }

    // MARK: Records: length, its checksum, content, its checksum

    private static func record(_ content: Data) -> Data {
        let length = littleEndian(UInt64(content.count))
        return length + littleEndian(maskedChecksum(length)) + content + littleEndian(maskedChecksum(content))
    }

    /// CRC-32C, turned as TensorFlow's records have it.
    static func maskedChecksum(_ data: Data) -> UInt32 {
        let checksum = checksum(data)
        return ((checksum >> 15) | (checksum << 17)) &+ 0xA282_EAD8
    }

    /// CRC-32C (Castagnoli).
    static func checksum(_ data: Data) -> UInt32 {
        ~data.reduce(~UInt32(0)) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
    }
}
