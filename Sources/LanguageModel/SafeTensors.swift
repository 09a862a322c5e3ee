import Corpus
import Crypto
import Documents
import Foundation
import Kernels

/// Named float32 matrices in a file of the safetensors format, with checksums over payload and header in the metadata.
///
/// The file is an 8-byte little-endian header length, a JSON header that gives each tensor's type, shape and place, and the
/// values. Matrices of one row are written as vectors.
public enum SafeTensors {
    private static let checksumKey = "payload-sha256"
    /// Of the length and the header, with 64 zeros where this checksum itself stands.
    private static let headerChecksumKey = "header-sha256"
    private static let noDigest = String(repeating: "0", count: 64)
    /// As other readers of the format have it: 100 MB.
    private static let largestHeader: UInt64 = 100_000_000

    /// Writes a file, whole or not at all; see `DurableFile`. The values are not copied.
    ///
    /// - Parameter previous: keeps the file that is replaced under this name; nil not to keep it.
    /// - Throws: `InputError` (`inputOutput`) naming the file and the cause.
    public static func write(
        _ tensors: [(name: String, values: Matrix)], metadata: [String: String], to url: URL, keepingPreviousAs previous: URL? = nil
    ) throws {
        var hash = SHA256()
        for tensor in tensors { tensor.values.withData { hash.update(data: $0) } }
        let checksums = [checksumKey: hexadecimal(hash.finalize()), headerChecksumKey: noDigest]
        let header = try signed(header(tensors, metadata: metadata.merging(checksums) { _, new in new }))
        try DurableFile.write(to: url, keepingPreviousAs: previous) { append in
            try append(header)
            for tensor in tensors { try tensor.values.withData(append) }
        }
    }

    /// Where the checksum of the header stands in it, and where 64 digits follow.
    private static func placeOfChecksum(in header: Data) -> Range<Data.Index>? {
        guard let key = header.range(of: Data("\"\(headerChecksumKey)\":\"".utf8)),
            let end = header.index(key.upperBound, offsetBy: 64, limitedBy: header.endIndex)
        else { return nil }
        return key.upperBound..<end
    }

    private static func signed(_ header: Data) -> Data {
        guard let place = placeOfChecksum(in: header) else { return header }
        return header.replacing(place, with: sha256(header))
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
        /// Whether the file has a checksum of its payload and one of its header, which are right.
        let isChecked: Bool
        fileprivate let entries: [String: SafeTensorsHeader.Entry]
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
            guard entry.type == "F32", entry.shape == dimensions else {
                throw CheckpointError("tensor \(name) is \(entry.type) of shape \(entry.shape), not F32 of \(dimensions)")
            }
            return payload.startIndex + entry.offsets[0]..<payload.startIndex + entry.offsets[1]
        }
    }

    /// Takes the bytes of a file apart.
    ///
    /// - Throws: ``CheckpointError`` when they are cut short, do not follow the format or do not match their checksums.
    public static func decode(_ file: Data) throws(CheckpointError) -> Contents {
        guard file.count >= 8 else { throw CheckpointError("is cut short: \(file.count) bytes") }
        let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.count - 8) else { throw CheckpointError("is cut short: its header should have \(length) bytes") }
        guard length <= largestHeader else {
            throw CheckpointError("has a header of \(length) bytes; no more than \(largestHeader) are allowed")
        }
        let start = file.startIndex + 8 + Int(length)
        let payload = file[start...]
        let header = try SafeTensorsHeader(Array(file[(file.startIndex + 8)..<start]))
        try checkPlaces(header.entries, payloadSize: payload.count)
        if let expected = header.metadata[headerChecksumKey] {
            let bytes = Data(file[..<start])
            guard let place = placeOfChecksum(in: bytes),
                expected == sha256(bytes.replacing(place, with: noDigest))
            else { throw CheckpointError("has a header that does not match its checksum") }
        }
        if let expected = header.metadata[checksumKey], expected != sha256(payload) {
            throw CheckpointError("does not match its checksum")
        }
        return Contents(
            metadata: header.metadata, isChecked: [checksumKey, headerChecksumKey].allSatisfy { header.metadata[$0] != nil },
            entries: header.entries, payload: payload)
    }

    /// What is wrong with a file, by its checksums and its form; nil where nothing is.
    public static func fault(of url: URL) -> String? {
        do {
            _ = try decode(try Data(contentsOf: url, options: .mappedIfSafe))
            return nil
        } catch let error as CheckpointError {
            return error.description
        } catch {
            return "cannot be read: \(TextFile.reason(error))"
        }
    }

    /// Each tensor has the bytes that its shape needs, and together they fill the payload without a hole or an overlap.
    private static func checkPlaces(_ entries: [String: SafeTensorsHeader.Entry], payloadSize: Int) throws(CheckpointError) {
        let sizes = ["F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1]
        var end = 0
        for (name, entry) in entries.sorted(by: { $0.value.offsets.lexicographicallyPrecedes($1.value.offsets) }) {
            guard let size = sizes[entry.type] else { throw CheckpointError("tensor \(name) is of the unknown type \(entry.type)") }
            var count: Int? = size
            for dimension in entry.shape {
                count = count.flatMap { let (product, overflow) = $0.multipliedReportingOverflow(by: dimension); return overflow ? nil : product }
            }
            // Offsets are never below zero: the header knows no sign.
            guard entry.offsets[0] <= entry.offsets[1], entry.offsets[1] - entry.offsets[0] == count else {
                throw CheckpointError("tensor \(name) is \(entry.type) of shape \(entry.shape), which bytes \(entry.offsets) are not")
            }
            guard entry.offsets[0] == end else {
                throw CheckpointError("has \(entry.offsets[0] < end ? "tensors that overlap" : "a hole before a tensor"): \(name) at \(entry.offsets)")
            }
            end = entry.offsets[1]
        }
        guard end == payloadSize else { throw CheckpointError("is cut short or too long: its tensors end at \(end) of \(payloadSize) bytes") }
    }
}

extension Data {
    fileprivate func replacing(_ place: Range<Index>, with text: String) -> Data {
        var data = self
        data.replaceSubrange(place, with: Data(text.utf8))
        return data
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
