import Documents
import Foundation
import Testing

@Suite struct InstalledProgramTests {
    @Test func `a folder of its name does not hide a program`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (first, second) = (folder.appendingPathComponent("first"), folder.appendingPathComponent("second"))
        try FileManager.default.createDirectory(at: first.appendingPathComponent("tool"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: second, withIntermediateDirectories: true)
        #expect(InstalledProgram("tool", searchPath: "\(first.path):\(second.path)") == nil)
        let tool = second.appendingPathComponent("tool")
        try Data("#!/bin/sh\necho here\n".utf8).write(to: tool)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)
        let found = try #require(InstalledProgram("tool", searchPath: "\(first.path):\(second.path)"))
        #expect(try found.run([]).lastLine == ": here")
    }
}
