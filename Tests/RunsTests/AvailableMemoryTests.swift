import Foundation
import Testing

@testable import Runs

@Suite struct AvailableMemoryTests {
    private func memory(_ system: FakeSystem) -> AvailableMemory { AvailableMemory(root: system.root, installed: 64_000_000_000) }

    @Test func `without proc the installed memory counts`() throws {
        try FakeSystem.with { system in
            #expect(memory(system) == AvailableMemory(bytes: 64_000_000_000, limit: .machine))
            #expect(AvailableMemory(root: system.root).bytes == Int(clamping: ProcessInfo.processInfo.physicalMemory))
        }
    }

    @Test func `the machine tells what is left`() throws {
        try FakeSystem.with { system in
            try system.write("MemTotal:       24000000 kB\nMemFree:  10 kB\nMemAvailable:   21000000 kB\n", to: "proc/meminfo")
            #expect(memory(system) == AvailableMemory(bytes: 21_504_000_000, limit: .machine))
        }
    }

    @Test func `the limits of version 2 count without what is in use, the page cache apart`() throws {
        try FakeSystem.with { system in
            try system.unified("memory.max", [("/pod", "3000000000"), ("/pod/a", "max")])
            #expect(memory(system) == AvailableMemory(bytes: 3_000_000_000, limit: .controlGroup("/pod")))
            try system.write("1200000000\n", to: "sys/fs/cgroup/pod/memory.current")
            #expect(memory(system).bytes == 1_800_000_000)
            try system.write("anon 700000000\ninactive_anon 1\ninactive_file 500000000\nactive_file 5\n", to: "sys/fs/cgroup/pod/memory.stat")
            #expect(memory(system).bytes == 2_300_000_000)
            try system.write("1000000000", to: "sys/fs/cgroup/pod/a/memory.max")
            #expect(memory(system).limit.description == "memory limit of the control group /pod/a")
            try system.write("2000000000", to: "sys/fs/cgroup/pod/a/memory.current")
            #expect(memory(system).bytes == 0)
        }
    }

    @Test func `version 1 has a huge number for no limit`() throws {
        try FakeSystem.with { system in
            try system.place(groups: ["4:memory:/job"], mounts: [FakeSystem.mount("memory", at: "/sys/fs/cgroup/memory")])
            let folder = "sys/fs/cgroup/memory"
            try system.write("9223372036854771712\n", to: "\(folder)/memory.limit_in_bytes")
            try system.write("9223372036854771712\n", to: "\(folder)/job/memory.limit_in_bytes")
            #expect(memory(system).limit == .machine)
            try system.write("2000000000\n", to: "\(folder)/job/memory.limit_in_bytes")
            try system.write("900000000\n", to: "\(folder)/job/memory.usage_in_bytes")
            try system.write("inactive_file 1\ntotal_inactive_file 400000000\n", to: "\(folder)/job/memory.stat")
            #expect(memory(system) == AvailableMemory(bytes: 1_500_000_000, limit: .controlGroup("/job")))
        }
    }

    @Test(arguments: ["", "much", "-1", "1.5"])
    func `garbage limits nothing`(text: String) throws {
        try FakeSystem.with { system in
            try system.unified("memory.max", [("/job", text)])
            try system.write("MemAvailable: \(text) kB\n", to: "proc/meminfo")
            try system.write("Max address space \(text)\n", to: "proc/self/limits")
            #expect(memory(system) == AvailableMemory(bytes: 64_000_000_000, limit: .machine))
        }
    }

    @Test(arguments: [("unlimited", nil), ("4000000000", 4_000_000_000)])
    func `the address space of a process may be limited`(text: String, bytes: Int?) throws {
        try FakeSystem.with { system in
            let header = "Limit                     Soft Limit           Hard Limit           Units     \n"
            try system.write(
                header + "Max address space         \(text)            unlimited            bytes     \n", to: "proc/self/limits")
            #expect(memory(system).addressSpace == bytes)
        }
    }
}
