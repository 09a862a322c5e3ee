import Foundation
import Kernels
@testable import LanguageModel
import Testing

/// Safetensors files that were made to do harm, and files damaged anywhere: refused with a reason, and never a trap.
@Suite struct HostileHeaderTests {
    private func file(_ header: [UInt8], length: UInt64? = nil, payload: Int = 8) -> Data {
        withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Data($0) } + Data(header) + Data(count: payload)
    }

    private func reason(_ data: Data) -> String? {
        do {
            _ = try SafeTensors.decode(data)
            return nil
        } catch { return error.description }
    }

    @Test func `a right header by hand is read`() throws {
        #expect(reason(file(Array(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} "#.utf8))) == nil)
        #expect(reason(file(Array(#"{"__metadata__":{"\u00e9\ud83d\ude00\n":"x"},"a":{"shape":[],"dtype":"F64","data_offsets":[0,8]}}"#.utf8))) == nil)
        #expect(reason(file(Array("{}".utf8), payload: 0)) == nil)
    }

    @Test(arguments: [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "a twice"),
        (#"{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "k twice"),
        (#"{"__metadata__":{},"__metadata__":{}}"#, "__metadata__ twice"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "dtype twice"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "overlap"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "hole"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "too long"),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, "cut short"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "which bytes [0, 8] are not"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "which bytes"),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, "which bytes"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8]}}"#, "which bytes"),
        (#"{"a":{"dtype":"F32","shape":[92233720368547758070],"data_offsets":[0,8]}}"#, "a whole number"),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "a whole number"),
        (#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, "']'"),
        (#"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#, "a whole number"),
        (#"{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#, "unknown type F33"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}"#, "two offsets"),
        (#"{"a":{"dtype":"F32","shape":[2]}}"#, "two offsets"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":"y"}}"#, "unknown key x"),
        (#"{"__metadata__":{"k":1}}"#, "should be '\"'"),
        (#"{"__metadata__":{"k":"\ud800"}}"#, "second half"),
        (#"{"__metadata__":{"k":"\ud800\u0041"}}"#, "second half"),
        (#"{"__metadata__":{"k":"\q"}}"#, "backslash"),
        (#"{"__metadata__":{"k":"\u12"}}"#, "hexadecimal"),
        (#"{"__metadata__":{"k":"#, "should be '\"'"),
        (#"{"__metadata__":{"k":"v"#, "the end of a text"),
        ("{} x", "nothing more"), ("[]", "should be '{'"), ("", "should be '{'"), ("null", "should be '{'"), ("{,}", "should be '\"'"),
    ])
    func `a header that lies is refused with its reason`(header: String, expected: String) {
        let reason = reason(file(Array(header.utf8)))
        #expect(reason?.contains(expected) == true, "\(reason ?? "taken")")
    }

    @Test func `headers too large, too deep or not UTF-8 are refused`() {
        #expect(reason(file([], length: .max))?.contains("cut short") == true)
        #expect(reason(file([], length: 1 << 63))?.contains("cut short") == true)
        #expect(reason(file(Array(repeating: 0x20, count: 100_000_001)))?.contains("no more than 100000000") == true)
        #expect(reason(file(Array(#"{"é"#.utf8).dropLast() + Array(#"":{}}"#.utf8)))?.contains("not UTF-8") == true)
        for opening in ["[", "{", #"{"a":"#, #"{"__metadata__":"#] {
            let deep = Array(String(repeating: opening, count: 1_000_000).utf8)
            #expect(reason(file(deep)) != nil, "\(opening)")
        }
    }

    private func checkpoint() throws -> Data {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("best.safetensors")
            let model = try LanguageModel(SmallText.configuration, vocabularySize: 7, seed: 3)
            try Checkpoint.write(model, metadata: .init(epoch: 12, vocabularyDigest: "abc"), to: file)
            return try Data(contentsOf: file)
        }
    }

    private func isRefused(_ bytes: Data, at file: URL) throws -> Bool {
        try bytes.write(to: file)
        do {
            _ = try Checkpoint.read(file)
            return false
        } catch let error as CheckpointError { return !error.description.isEmpty }
    }

    @Test func `a checkpoint cut short anywhere, or with any byte of its header altered, is refused`() throws {
        let whole = try checkpoint()
        let start = 8 + Int(whole.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("file")
            let isWholeRefused = try isRefused(whole, at: file)
            #expect(!isWholeRefused)
            var cases = 0
            for length in Array(0..<start) + Array(stride(from: start, to: whole.count, by: 97)) + [whole.count - 1] {
                #expect(try self.isRefused(whole.prefix(length), at: file), "\(length) bytes")
                cases += 1
            }
            for position in Array(0..<start) + Array(stride(from: start, to: whole.count, by: 97)) {
                for mask: UInt8 in [1 << UInt8(position % 8), 255] {
                    var damaged = whole
                    damaged[position] ^= mask
                    #expect(try self.isRefused(damaged, at: file), "byte \(position) with \(mask) turned")
                    cases += 1
                }
            }
            print("HostileHeaderTests: \(cases) damaged files")
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `weights that are not finite are refused by name`(value: Float) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("file")
            let model = try LanguageModel(SmallText.configuration, vocabularySize: 7, seed: 3)
            model.parameters["decoder.bias"][0, 3] = value
            try Checkpoint.write(model, metadata: .init(epoch: 12, vocabularyDigest: "abc"), to: file)
            #expect(throws: CheckpointError("tensor decoder.bias holds values that are not finite numbers")) { try Checkpoint.read(file) }
        }
    }
}
