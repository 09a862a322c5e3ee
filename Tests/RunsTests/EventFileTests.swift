import Foundation
import LanguageModel
import ProjectFolders
import Testing

@testable import Runs

/// The event file follows from the intervals: it grows, is mended, and never holds a step twice.
@Suite struct EventFileTests {
    private let start = Date(timeIntervalSince1970: 1_000_000.75)

    private func intervals(_ count: Int) -> [IntervalMetrics] {
        (0..<count).map { number in
            IntervalMetrics(
                interval: number + 1, epoch: number + 1, steps: 200 * (number + 1), stage: .main, optimizer: .sgd, learningRate: 30,
                trainPerplexity: 500 - Double(number), validationRawPerplexity: 400, validationAveragedPerplexity: number > 1 ? 390 : nil,
                gradientNorm: 1, clipped: 1, tokensPerSecond: 9, seconds: 1.5)
        }
    }

    /// The check value of CRC-32C.
    @Test func theChecksumIsCastagnolis() {
        #expect(EventFile.checksum(Data("123456789".utf8)) == 0xE306_9283)
    }

    /// A record is length, checksum, message, checksum; a message has a time, a step and, each with its name, 32-bit numbers.
    @Test func everyValueStandsUnderItsName() throws {
        let content = [UInt8](EventFile(in: URL(fileURLWithPath: "/"), start: start).content(intervals(3)))
        var messages: [[UInt8]] = []
        var position = 0
        while position < content.count {
            let length = content[position..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
            messages.append(Array(content[position + 12..<position + 12 + length]))
            position += 16 + length
        }
        #expect(messages.count == 4 && position == content.count)
        let last = try #require(messages.last)
        func time(_ message: [UInt8]) -> Double { Double(bitPattern: message[1..<9].reversed().reduce(0) { $0 << 8 | UInt64($1) }) }
        #expect(messages.map(time) == [1_000_000, 1_000_001.5, 1_000_003, 1_000_004.5])
        // Step 600, 4 · 128 + 88, as a variable number.
        #expect(last[9..<12] == [16, 88 | 128, 4])
        let expected: [(name: String, value: Float)] = [
            ("perplexity/training", 498), ("perplexity/validation-raw", 400), ("perplexity/validation-averaged", 390), ("epoch", 3),
            ("learning-rate", 30), ("gradient-norm", 1), ("clipped", 1), ("tokens-per-second", 9),
        ]
        var values: [UInt8] = []
        for (name, value) in expected {
            let bits = withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
            let scalar = [10, UInt8(name.utf8.count)] + Array(name.utf8) + [21] + bits
            values += [10, UInt8(scalar.count)] + scalar
        }
        #expect(Array(last.suffix(values.count)) == values)
    }

    @Test func itGrowsInPlaceAndIsMendedAfterATornWrite() throws {
        try withTemporaryFolder { folder in
            let events = EventFile(in: folder, start: start)
            func number() throws -> Int? { try FileManager.default.attributesOfItem(atPath: events.file.path)[.systemFileNumber] as? Int }
            try events.write(intervals(1))
            let first = try number()
            try events.write(intervals(3))
            #expect(try number() == first, "a reader that has it open would not see what was added")
            #expect(try Data(contentsOf: events.file) == events.content(intervals(3)))

            try Data(events.content(intervals(3)).dropLast(7)).write(to: events.file)
            try EventFile(in: folder, start: start).write(intervals(3))
            #expect(try Data(contentsOf: events.file) == events.content(intervals(3)))
        }
    }

    @Test func whatGoesFurtherThanTheRunIsReplaced() throws {
        try withTemporaryFolder { folder in
            let events = EventFile(in: folder, start: start)
            try events.write(intervals(5))
            try events.write(intervals(2))
            #expect(try Data(contentsOf: events.file) == events.content(intervals(2)))
        }
    }

    @Test func aSymbolicLinkIsNotFollowed() throws {
        try withTemporaryFolder { folder in
            let (events, other) = (EventFile(in: folder, start: start), folder.appendingPathComponent("other"))
            try Data().write(to: other)
            try FileManager.default.createSymbolicLink(at: events.file, withDestinationURL: other)
            try events.write(intervals(2))
            #expect(try Data(contentsOf: other).isEmpty)
            #expect(try Data(contentsOf: events.file) == events.content(intervals(2)))
        }
    }
}
