import Foundation
import Testing

@testable import Runs

@Suite struct AvailableCoresTests {
    private func cores(_ system: FakeSystem) -> AvailableCores { AvailableCores(root: system.root, processors: 16) }

    @Test func `without proc the machine's processors count`() throws {
        try FakeSystem.with { system in
            #expect(cores(system) == AvailableCores(root: system.root.appendingPathComponent("none"), processors: 16))
            #expect(cores(system).count == 16 && cores(system).limit == .machine)
            #expect(AvailableCores(root: system.root, processors: 0).count == 1)
            #expect(AvailableCores(root: system.root).count == ProcessInfo.processInfo.activeProcessorCount)
        }
    }

    @Test(arguments: [("0", 1), ("0-3", 4), ("0-3,8,12-13", 7)])
    func `the affinity mask is counted`(list: String, count: Int) throws {
        try FakeSystem.with { system in
            try system.allow(cores: list)
            #expect(cores(system).count == count && cores(system).limit.description == "affinity mask")
        }
    }

    @Test(arguments: ["", "x", "3-1", "-1", "0-", "1-2-3", "0-999999999999", "0-31"])
    func `a mask that is garbage or no limit is left out`(list: String) throws {
        try FakeSystem.with { system in
            try system.allow(cores: list)
            #expect(cores(system).count == 16 && cores(system).limit == .machine)
        }
    }

    @Test(arguments: [
        ("200000 100000", 2), ("250000 100000", 2), ("50000 100000", 1), ("max 100000", 16), ("max", 16), ("", 16), ("one two", 16),
        ("100000 0", 16), ("-1 100000", 16), ("9999999999 1", 16), ("300000", 16), ("1600000 100000", 16),
    ])
    func `a quota of version 2 is rounded down`(text: String, count: Int) throws {
        try FakeSystem.with { system in
            try system.unified("cpu.max", [("/job", text)])
            #expect(cores(system).count == count)
            #expect(cores(system).limit.description == (count == 16 ? "processors of the machine" : "CPU quota of the control group /job"))
        }
    }

    @Test func `the parents' quotas count too`() throws {
        try FakeSystem.with { system in
            try system.unified("cpu.max", [("/pod", "300000 100000"), ("/pod/a", "max 100000"), ("/pod/a/b c", "800000 100000")])
            #expect(cores(system).count == 3 && cores(system).limit == .quota("/pod"))
            try system.allow(cores: "0-1")
            #expect(cores(system).count == 2 && cores(system).limit == .affinity)
        }
    }

    @Test(arguments: [("150000", "50000", 3), ("-1", "100000", 16), ("20000", "100000", 1), ("x", "100000", 16), ("100000", "", 16)])
    func `a quota of version 1, its controllers mounted together`(quota: String, period: String, count: Int) throws {
        try FakeSystem.with { system in
            let folder = "sys/fs/cgroup/cpu,cpuacct"
            try system.place(
                groups: ["9:name=systemd:/job", "4:cpu,cpuacct:/batch/job", "3:cpuset:/other"],
                mounts: [FakeSystem.mount("cpuset", at: "/sys/fs/cgroup/cpuset"), FakeSystem.mount("cpu,cpuacct", at: "/" + folder)])
            try system.write(quota + "\n", to: "\(folder)/batch/job/cpu.cfs_quota_us")
            try system.write(period + "\n", to: "\(folder)/batch/job/cpu.cfs_period_us")
            // A quota of another controller's folder is none.
            try system.write("100000\n", to: "sys/fs/cgroup/cpuset/other/cpu.cfs_quota_us")
            try system.write("100000\n", to: "sys/fs/cgroup/cpuset/other/cpu.cfs_period_us")
            #expect(cores(system).count == count)
            if count < 16 { #expect(cores(system).limit == .quota("/batch/job")) }
        }
    }

    @Test func `a hybrid has the quota in version 1 and nothing in version 2`() throws {
        try FakeSystem.with { system in
            try system.place(
                groups: ["2:cpu:/job", "0::/user.slice"],
                mounts: [FakeSystem.unifiedMount(at: "/sys/fs/cgroup/unified"), FakeSystem.mount("cpu", at: "/sys/fs/cgroup/cpu")])
            try system.write("", to: "sys/fs/cgroup/unified/user.slice/cgroup.procs")
            try system.write("400000", to: "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us")
            try system.write("100000", to: "sys/fs/cgroup/cpu/job/cpu.cfs_period_us")
            #expect(cores(system).count == 4 && cores(system).limit == .quota("/job"))
        }
    }

    @Test(arguments: [
        // A container sees its own group at the mount point.
        ("/docker/1a", "/docker/1a", "", "/docker/1a"), ("/docker/1a/job", "/docker/1a", "/job", "/docker/1a/job"),
        // The mount is of a group above the namespace; names between are hidden, so that the mount point's limit is all that is seen.
        ("/", "/../..", "", "/../.."), ("/../x", "/../..", "", "/../.."), ("/../../x", "/../..", "/x", "/../../x"),
        ("/../..", "/../..", "", "/../.."), ("/a/./b/..", "/", "/a", "/a"),
    ])
    func `a mount shows a part of the hierarchy`(group: String, mountRoot: String, folder: String, name: String) throws {
        try FakeSystem.with { system in
            try system.place(groups: ["0::\(group)"], mounts: [FakeSystem.unifiedMount(root: mountRoot)])
            try system.write("500000 100000", to: "sys/fs/cgroup\(folder)/cpu.max")
            #expect(cores(system).count == 5 && cores(system).limit == .quota(name))
        }
    }

    @Test(arguments: [("/", "/docker/1a"), ("/docker/1b", "/docker/1a"), ("/../..", "/"), ("/../x", "/")])
    func `a mount of other groups limits nothing`(group: String, mountRoot: String) throws {
        try FakeSystem.with { system in
            try system.place(groups: ["0::\(group)"], mounts: [FakeSystem.unifiedMount(root: mountRoot)])
            try system.write("500000 100000", to: "sys/fs/cgroup/cpu.max")
            #expect(cores(system).count == 16)
        }
    }

    @Test func `a mount point may have a space in its name`() throws {
        try FakeSystem.with { system in
            try system.place(groups: ["0::/a:b"], mounts: [FakeSystem.unifiedMount(at: "/my\\040groups")])
            try system.write("500000 100000", to: "my groups/a:b/cpu.max")
            #expect(cores(system).limit == .quota("/a:b"))
        }
    }

    @Test(arguments: ["", "garbage", "0:", "0::relative", "::/x", "31 22 0:26 / - cgroup2", "31 22 0:26 / /sys rw - cgroup2"])
    func `garbage limits nothing`(text: String) throws {
        try FakeSystem.with { system in
            try system.write("1 1", to: "sys/fs/cgroup/cpu.max")
            try system.place(groups: [text], mounts: [FakeSystem.unifiedMount()])
            #expect(cores(system).count == 16)
            try system.place(groups: ["0::/"], mounts: [text])
            #expect(cores(system).count == 16)
        }
    }
}
