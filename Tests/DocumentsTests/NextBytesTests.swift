import Foundation
import Testing

@testable import Documents

@Suite struct NextBytesTests {
    @Test func `what is there comes at once, and nothing at the end`() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("abc".utf8))
        #expect(pipe.fileHandleForReading.nextBytes() == Data("abc".utf8))
        try pipe.fileHandleForWriting.write(contentsOf: Data("de".utf8))
        try pipe.fileHandleForWriting.close()
        #expect(pipe.fileHandleForReading.allBytes() == Data("de".utf8))
        #expect(pipe.fileHandleForReading.nextBytes().isEmpty)
    }

    /// A folder can be opened and not read; `availableData` ends the program there.
    @Test func `where reading fails, nothing comes`() throws {
        let descriptor = open("/", O_RDONLY)
        #expect(descriptor >= 0)
        #expect(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).nextBytes().isEmpty)
    }
}
