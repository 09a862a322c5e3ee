import Corpus
import Crypto
import Documents
import Foundation
import Kernels

/// Named float32 matrices in a file of the safetensors format, with a checksum over the payload in the metadata.
///
/// The file is an 8-byte little-endian header length, a JSON header that gives each tensor's type, shape and place, and the
/// values. Matrices of one row are written as vectors.
public enum SafeTensors {
    private static let checksumKey = "payload-sha256"

    fileprivate struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    /// Writes a file, under another name until it is whole and on the disk. The values are not copied.
    ///
    /// - Throws: `InputError` (`inputOutput`) naming the file and the cause.
    public static func write(_ tensors: [(name: String, values: Matrix)], metadata: [String: String], to url: URL) throws {
        let temporary = url.appendingPathExtension("part")
        do {
            try write(tensors, metadata: metadata, to: temporary, then: url)
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw InputError.inputOutput("\(url.path): cannot be written: \(TextFile.reason(error))")
        }
    }

    private static func write(
        _ tensors: [(name: String, values: Matrix)], metadata: [String: String], to temporary: URL, then url: URL
    ) throws {
        var hash = SHA256()
        for tensor in tensors { tensor.values.withData { hash.update(data: $0) } }
        try header(tensors, metadata: metadata.merging([checksumKey: hexadecimal(hash.finalize())]) { _, new in new }).write(to: temporary)
        let file = try FileHandle(forWritingTo: temporary)
        try file.seekToEnd()
        for tensor in tensors { try tensor.values.withData { try file.write(contentsOf: $0) } }
        try file.synchronize()
        try file.close()
        guard rename(temporary.path, url.path) == 0 else {
            throw NSError(domain: NSPOSIXErrorDomain, code: Int(errno))
        }
    }

    /// What stands before the values: the length of the JSON, and the JSON, padded to whole words.
    private static func header(_ tensors: [(name: String, values: Matrix)], metadata: [String: String]) throws -> Data {
        var header: [String: Any] = ["__metadata__": metadata]
        var offset = 0
        for (name, values) in tensors {
            let end = offset + 4 * values.count
            header[name] = ["dtype": "F32", "shape": values.dimensions, "data_offsets": [offset, end]]
            offset = end
        }
        var json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
        json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
    }

    /// A file taken apart.
    public struct Contents {
        public let metadata: [String: String]
        fileprivate let entries: [String: Entry]
        fileprivate let payload: Data

        /// Number of tensors.
        var tensorCount: Int { entries.count }
        /// Number of bytes of all tensors together.
        var payloadSize: Int { payload.count }

        /// Checks that every parameter of `shapes` has a tensor of its shape, whose values are all there.
        func check(_ shapes: [ParameterShape]) throws(CheckpointError) {
            for shape in shapes { _ = try range(shape.name, rows: shape.rows, columns: shape.columns) }
        }

        /// Copies the tensors into matrices of the same names and shapes.
        public func fill(_ tensors: [(name: String, values: Matrix)]) throws(CheckpointError) {
            for (name, values) in tensors {
                values.assign(payload[try range(name, rows: values.rows, columns: values.columns)])
            }
        }

        /// Where the values of a tensor stand.
        private func range(_ name: String, rows: Int, columns: Int) throws(CheckpointError) -> Range<Int> {
            guard let entry = entries[name] else { throw CheckpointError("has no tensor \(name)") }
            let dimensions = rows == 1 ? [columns] : [rows, columns]
            guard entry.dtype == "F32", entry.shape == dimensions, entry.data_offsets.count == 2,
                entry.data_offsets[0] >= 0, entry.data_offsets[0] <= entry.data_offsets[1],
                entry.data_offsets[1] <= payload.count,
                (entry.data_offsets[1] - entry.data_offsets[0]).isExactly(4, times: rows, times: columns)
            else {
                throw CheckpointError("tensor \(name) is \(entry.dtype) of shape \(entry.shape), not F32 of \(dimensions)")
            }
            return payload.startIndex + entry.data_offsets[0]..<payload.startIndex + entry.data_offsets[1]
        }
    }

    /// Takes the bytes of a file apart.
    ///
    /// - Throws: ``CheckpointError`` when they are cut short, do not follow the format or do not match their checksum.
    public static func decode(_ file: Data) throws(CheckpointError) -> Contents {
        guard file.count >= 8 else { throw CheckpointError("is cut short: \(file.count) bytes") }
        let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.count - 8) else { throw CheckpointError("is cut short: its header should have \(length) bytes") }
        let start = file.startIndex + 8 + Int(length)
        let header = file[(file.startIndex + 8)..<start]
        let payload = file[start...]
        let metadata: [String: String]
        let entries: [String: Entry]
        do {
            let object = try JSONSerialization.jsonObject(with: header) as? [String: Any] ?? [:]
            metadata = object["__metadata__"] as? [String: String] ?? [:]
            let tensors = try JSONSerialization.data(withJSONObject: object.filter { $0.key != "__metadata__" })
            entries = try JSONDecoder().decode([String: Entry].self, from: tensors)
        } catch {
            throw CheckpointError("has a header that is not that of a safetensors file")
        }
        if let expected = metadata[checksumKey], expected != hexadecimal(SHA256.hash(data: payload)) {
            throw CheckpointError("does not match its checksum")
        }
        return Contents(metadata: metadata, entries: entries, payload: payload)
    }
}

extension ParameterStorage {
    /// All parameters by name, in their order in memory.
    var tensors: [(name: String, values: Matrix)] { shapes.map { ($0.name, self[$0.name]) } }
}

extension Matrix {
    /// As safetensors writes it: a matrix of one row is a vector.
    fileprivate var dimensions: [Int] { rows == 1 ? [columns] : [rows, columns] }
}

extension Int {
    /// Whether this is the product, which may be too large for an integer.
    fileprivate func isExactly(_ a: Int, times b: Int, times c: Int) -> Bool {
        let (ab, overflow) = a.multipliedReportingOverflow(by: b)
        let (abc, overflows) = ab.multipliedReportingOverflow(by: c)
        return !overflow && !overflows && self == abc
    }
}
