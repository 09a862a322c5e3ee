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
