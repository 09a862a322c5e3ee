import Documents
import Foundation
import ProjectFolders
import Testing

@testable import Runs

@Suite struct FolderLockTests {
    private static let here = FolderLock.Holder.current

    /// A folder with a lock that another process left.
    private func withLock(of holder: FolderLock.Holder, age: Double = 0, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent(FolderLock.fileName)
            try TextFile.write(try JSONText.encode(holder), to: file)
            try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-age)], ofItemAtPath: file.path)
            try body(folder)
        }
    }

    private func files(in folder: URL) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

    @Test func `a folder is held by one, until it is released`() throws {
        try withTemporaryFolder { folder in
            let lock = try FolderLock(folder)
            #expect(try files(in: folder) == [".lock"])
            let error = inputError { _ = try FolderLock(folder, patience: 0.3) }
            #expect(error?.kind == .usage)
            #expect(error?.message.contains("process \(Self.here.process) on \(Self.here.machine)") == true)
            lock.release()
            #expect(try files(in: folder).isEmpty)
            try FolderLock(folder).release()
        }
    }

    @Test func `one that waits gets it when it is released`() throws {
        try withTemporaryFolder { folder in
            let lock = try FolderLock(folder)
            DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { [folder] in
                try? FileManager.default.removeItem(at: folder.appendingPathComponent(FolderLock.fileName))
            }
            try FolderLock(folder, patience: 20).release()
            lock.release()
        }
    }

    /// Process 1 is there, and none has the largest number; a number that was given again has another beginning.
    @Test(arguments: [
        (FolderLock.Holder(process: Int32.max, machine: here.machine, boot: here.boot, begin: "1"), 0.0, false),
        (.init(process: 1, machine: here.machine, boot: here.boot, begin: "not that of process 1"), 0, false),
        (.init(process: here.process, machine: here.machine, boot: here.boot, begin: here.begin), 1_000, true),
        (.init(process: 1, machine: "elsewhere", boot: "b", begin: "1"), 100, true),
        (.init(process: 1, machine: "elsewhere", boot: "b", begin: "1"), 130, false),
        (.init(process: 1, machine: here.machine, boot: "before the machine was started again", begin: "1"), 130, false),
    ])
    func `whether its holder lives decides`(holder: FolderLock.Holder, age: Double, isHeld: Bool) throws {
        try withLock(of: holder, age: age) { folder in
            let error = inputError { try FolderLock(folder).release() }
            #expect((error != nil) == isHeld)
            if isHeld { #expect(error?.message.contains("process \(holder.process) on \(holder.machine)") == true) }
            let left = try files(in: folder)
            #expect(left == (isHeld ? [".lock"] : []))
        }
    }

    @Test(arguments: ["", "not JSON", "{}"])
    func `a lock that says nothing is held until it is old`(text: String) throws {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent(FolderLock.fileName)
            try Data(text.utf8).write(to: file)
            #expect(inputError { try FolderLock(folder).release() }?.message.contains("an unknown machine") == true)
            try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-130)], ofItemAtPath: file.path)
            try FolderLock(folder).release()
        }
    }

    @Test func `of many at once one gets an abandoned folder`() async throws {
        for _ in 0..<20 {
            try withLock(of: .init(process: Int32.max, machine: Self.here.machine, boot: Self.here.boot, begin: "")) { folder in
                let winners = Winners()
                DispatchQueue.concurrentPerform(iterations: 8) { _ in
                    if let lock = try? FolderLock(folder) { winners.add(lock) }
                }
                #expect(winners.count == 1)
            }
        }
    }

    private final class Winners: @unchecked Sendable {
        private let lock = NSLock()
        private var locks: [FolderLock] = []
        func add(_ folder: FolderLock) { lock.withLock { locks.append(folder) } }
        var count: Int { lock.withLock { locks.count } }
    }

    @Test func `a folder that cannot be written is named`() throws {
        let error = inputError { _ = try FolderLock(URL(fileURLWithPath: "/nowhere/at/all")) }
        #expect(error?.kind == .inputOutput && error?.message.contains("/nowhere/at/all/.lock") == true)
    }

    @Test func `only lock files of this program are removed`() throws {
        try withTemporaryFolder { folder in
            let (others, own) = ([".lock-wscript", ".lockfile", ".lock.old"], [".lock", ".lock.change", ".lock.\(UUID().uuidString)"])
            for name in others + own {
                let file = folder.appendingPathComponent(name)
                try Data().write(to: file)
                try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-1_000)], ofItemAtPath: file.path)
            }
            FolderLock.removeLeftovers(in: folder)
            #expect(try files(in: folder).sorted() == others.sorted())
        }
    }

    #if os(Linux)
    @Test func `a process id of another container does not count here`() {
        #expect(Self.here.boot.contains(" pid:["))
    }
    #endif
}
