import Foundation
import ProjectFolders
import Testing

/// What `make deps` does on machines of several kinds, each a folder of stand-ins for the commands it would find there.
struct DependenciesTests {
    private static let packages = "pkg-config libopenblas-dev liblapacke-dev libxsmm-dev"
    /// Fails to install until the package lists have been fetched; says a lot, and puts what it was told to do into the log.
    private static let aptGet = #"""
        echo "Reading package lists... E: Unable to locate package"
        echo "apt-get $*" >>"$(dirname "$0")/log"
        case "$1" in
            update) touch "$(dirname "$0")/lists" ;;
            install) test -e "$(dirname "$0")/lists" ;;
        esac
        """#

    private static let log = #"echo "apt-get $*" >>"${0%/*}/log""#

    /// Returns what the script prints, then what apt-get and sudo were told to do.
    private func install(
        _ arguments: [String] = [], on commands: [String: String], processor: String = "x86_64"
    ) throws -> (status: Int32, output: String) {
        try withTemporaryFolder { folder in
            for tool in ["env", "touch", "dirname"] {
                try FileManager.default.createSymbolicLink(
                    at: folder.appendingPathComponent(tool), withDestinationURL: URL(fileURLWithPath: "/usr/bin/\(tool)"))
            }
            for (name, script) in commands.merging(["uname": "echo \(processor)"], uniquingKeysWith: { first, _ in first }) {
                let file = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("#!/bin/bash\n\(script)\n".utf8).write(to: file)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
            }
            let sbin = "SBIN=\(folder.appendingPathComponent("sbin").path)"
            let (status, output) = try Shell.run([sbin, "/bin/bash", "Scripts/install-dependencies"] + arguments, path: folder.path)
            let log = try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)
            return (status, output + (log ?? ""))
        }
    }

    @Test func `nothing is missing`() throws {
        let (status, output) = try install(on: ["swift": "", "pkg-config": "exit 0"])
        #expect(status == 0)
        #expect(output == "")
    }

    @Test func `as root, with package lists that have to be fetched first`() throws {
        let (status, output) = try install(on: ["swift": "", "id": "echo 0", "apt-get": Self.aptGet])
        #expect(status == 0)
        let install = "apt-get install -y --no-install-recommends \(Self.packages)"
        #expect(output == "Installing \(Self.packages)\n\(install)\napt-get update\n\(install)\n")
    }

    @Test func `only what is missing, through sudo`() throws {
        let (status, output) = try install(on: [
            "swift": "", "id": "echo 1000", "apt-get": Self.log, "sudo": "echo sudo >>\"${0%/*}/log\"; exec \"$@\"",
            "pkg-config": "test \"$2\" = openblas",
        ], processor: "aarch64")
        #expect(status == 0)
        #expect(output == "Installing liblapacke-dev\nsudo\napt-get install -y --no-install-recommends liblapacke-dev\n")
    }

    @Test(arguments: [
        (["id": "echo 1000", "apt-get": ""], "no sudo"),
        (["id": "echo 0"], "no apt-get"),
        (["id": "echo 0", "apt-get": "echo no network; exit 1"], "no network\napt-get failed"),
    ])
    func `where it cannot install, it names the packages`(commands: [String: String], reason: String) throws {
        let (status, output) = try install(on: commands.merging(["swift": ""]) { $1 })
        #expect(status == 1)
        #expect(output.contains(reason))
        #expect(output.hasSuffix("Install these packages, then try again: \(Self.packages)\n"))
    }

    @Test func `the King James Bible is installed where it is missing, and nothing else`() throws {
        let (status, output) = try install(["kjv"], on: ["id": "echo 0", "apt-get": Self.aptGet])
        #expect(status == 0)
        let command = "apt-get install -y --no-install-recommends bible-kjv bible-kjv-text"
        #expect(output == "Installing bible-kjv bible-kjv-text\n\(command)\napt-get update\n\(command)\n")

        let present = try install(["kjv"], on: ["bible": ""])
        #expect(present.status == 0 && present.output == "")

        let offline = try install(["kjv"], on: ["id": "echo 0", "apt-get": "exit 1"])
        #expect(offline.status == 1)
        #expect(offline.output.hasSuffix("apt-get failed. Install these packages, then try again: bible-kjv bible-kjv-text\n"))
    }

    @Test func `Slurm is installed where a part of it is missing`() throws {
        let (status, output) = try install(["slurm"], on: ["id": "echo 0", "apt-get": Self.aptGet, "slurmctld": "", "sbatch": ""])
        #expect(status == 0)
        let command = "apt-get install -y --no-install-recommends slurm-wlm munge"
        #expect(output == "Installing slurm-wlm munge\n\(command)\napt-get update\n\(command)\n")

        let present = try install(["slurm"], on: ["slurmctld": "", "slurmd": "", "sbatch": "", "munged": ""])
        #expect(present.status == 0 && present.output == "")
        let daemonsApart = try install(["slurm"], on: ["id": "echo 1000", "sbin/slurmctld": "", "sbin/slurmd": "", "sbatch": "", "sbin/munged": ""])
        #expect(daemonsApart.status == 0 && daemonsApart.output == "")
    }

    @Test func `gnuplot is installed where it is missing, and nothing else`() throws {
        let (status, output) = try install(["pictures"], on: ["id": "echo 0", "apt-get": Self.log])
        #expect(status == 0)
        #expect(output == "Installing gnuplot-nox\napt-get install -y --no-install-recommends gnuplot-nox\n")
        let present = try install(["pictures"], on: ["gnuplot": ""])
        #expect(present.status == 0 && present.output == "")
        let browser = try install(["readers"], on: ["id": "echo 0", "apt-get": Self.log, "python3": ""])
        #expect(browser.output == "Installing chromium\napt-get install -y --no-install-recommends chromium\n")
    }

    @Test func `another word is refused`() throws {
        let (status, output) = try install(["kvj"], on: ["id": "echo 0", "apt-get": Self.aptGet])
        #expect(status == 64)
        #expect(output == "Scripts/install-dependencies: 'kvj' is unknown; give nothing, kjv, slurm, pictures or readers\n")
    }

    @Test func `without Swift it says where to get it`() throws {
        let (status, output) = try install(on: ["pkg-config": "exit 0"])
        #expect(status == 1)
        #expect(output.contains("swift.org/install"))
    }
}
