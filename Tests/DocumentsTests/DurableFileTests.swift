import Documents
import Foundation
import Testing

@Suite struct DurableFileTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func `a link in place of the file is replaced and not followed`() throws {
        try withFolder { folder in
            let (file, other) = (folder.appendingPathComponent("file"), folder.appendingPathComponent("other"))
            try Data("other".utf8).write(to: other)
            try FileManager.default.createSymbolicLink(at: file, withDestinationURL: other)
            #expect(DurableFile.isSymbolicLink(file))
            try TextFile.write("new", to: file)
            #expect(try TextFile.read(file) == "new")
            #expect(try TextFile.read(other) == "other")
            #expect(!DurableFile.isSymbolicLink(file))
        }
    }

    @Test func `a link in place of the temporary file is not followed`() throws {
        try withFolder { folder in
            let (file, other) = (folder.appendingPathComponent("file"), folder.appendingPathComponent("other"))
            try Data("other".utf8).write(to: other)
            let temporary = folder.appendingPathComponent("file.\(ProcessInfo.processInfo.processIdentifier)-0.part")
            try FileManager.default.createSymbolicLink(at: temporary, withDestinationURL: other)
            try TextFile.write("new", to: file)
            #expect(try TextFile.read(file) == "new")
            #expect(try TextFile.read(other) == "other")
            DurableFile.removeLeftovers(in: folder)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["file", "other"])
        }
    }

    @Test func `the file before is kept under the name that is asked for`() throws {
        try withFolder { folder in
            let (file, previous) = (folder.appendingPathComponent("file"), folder.appendingPathComponent("previous"))
            for text in ["1", "2", "3"] {
                try DurableFile.write(to: file, keepingPreviousAs: previous) { try $0(Data(text.utf8)) }
            }
            #expect(try TextFile.read(file) == "3")
            #expect(try TextFile.read(previous) == "2")
        }
    }

    @Test func `what fails half way leaves the old file and no other`() throws {
        try withFolder { folder in
            let file = folder.appendingPathComponent("file")
            try TextFile.write("old", to: file)
            #expect(throws: InputError.self) {
                try DurableFile.write(to: file) { append in
                    try append(Data("ne".utf8))
                    throw CocoaError(.fileWriteUnknown)
                }
            }
            #expect(try TextFile.read(file) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
            let lost = folder.appendingPathComponent("gone/file")
            #expect(throws: InputError.inputOutput("\(lost.path): cannot be written: No such file or directory")) { try TextFile.write("", to: lost) }
        }
    }

    @Test func `only temporary files of this program are removed`() throws {
        try withFolder { folder in
            let others = ["film.mkv.part", "1.part", "a.x-1.part", "a.1-2-3.part", "part", ".part"]
            for name in others + ["best.safetensors.17-0.part", "training.previous.safetensors.17.part"] {
                try Data().write(to: folder.appendingPathComponent(name))
            }
            DurableFile.removeLeftovers(in: folder)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == others.sorted())
        }
    }
}
