import Foundation
import ProjectFolders
import Testing

/// `make install`, of the program that was built beside the tests.
@Suite struct InstallTests {
    @Test func `what is installed works without the checkout, and uninstall leaves nothing`() throws {
        try withTemporaryFolder { folder in
            let root = folder.appendingPathComponent("a root")
            let (installed, work) = (root.appendingPathComponent("opt/it"), folder.appendingPathComponent("work"))
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
            let places = ["DESTDIR=\(root.path)", "PREFIX=/opt/it", "ABLATE=\(Program.executable.path)"]
            func make(_ target: String) throws -> (status: Int32, output: String) {
                try Shell.run(["-u", "MAKEFLAGS", "-u", "MAKELEVEL", "make", target] + places)
            }
            let made = try make("install-files")
            #expect(made.status == 0, "\(made.output)")

            let program = installed.path + "/bin/ablate"
            func run(_ arguments: [String]) throws -> String {
                let result = try Shell.run(["-u", "ABLATE_DATA", program] + arguments, in: work)
                #expect(result.status == 0, "\(result.output)")
                return result.output
            }
            let smoke = ["--profile", "smoke", "--dataset", "synthetic"]
            #expect(try run(["--rows", "extended", "--explain", "--cell", "both"] + smoke).contains("\nvariational-dropout"))
            #expect(try run(["--rows", installed.path + "/share/ablate/Examples/weight-dropping-levels.yaml", "--explain"] + smoke).contains("\nweight-dropping-0.7"))
            #expect(try run(["--drop", "full", "--epochs", "1", "--set", "training-tokens=3000"] + smoke).contains("\nsynthetic, smoke: V ="))
            #expect(try run(["report", "results/synthetic-smoke"]).contains("\nfull "))
            // A link to the program finds the same.
            let link = folder.appendingPathComponent("link")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: program)
            #expect(try Shell.run([link.path, "info"] + smoke, in: work).status == 0)

            func text(_ path: String) throws -> String { try String(contentsOf: installed.appendingPathComponent("share/" + path), encoding: .utf8) }
            let page = try text("man/man1/ablate.1")
            for code in ["64", "65", "71", "74"] { #expect(page.contains(code), "the man page has no exit code \(code)") }
            #expect(try text("man/man1/ablate.run.1").contains("-rows"))
            for (path, words) in [
                ("bash-completion/completions/ablate", ["--rows", "complete -o filenames -F _ablate ablate"]), ("zsh/site-functions/_ablate", ["#compdef ablate", "--rows"]),
                ("fish/vendor_completions.d/ablate.fish", ["complete -c 'ablate'", "'rows='"]),
            ] {
                let script = try text(path)
                for word in words { #expect(script.contains(word), "\(path): no \(word)") }
            }
            let bash = try Shell.run(["bash", "-c", ". \"$1\" && complete -p ablate", "-", installed.path + "/share/bash-completion/completions/ablate"])
            #expect(bash.status == 0, "\(bash.output)")

            let other = installed.appendingPathComponent("bin/other")
            try Data().write(to: other)
            #expect(try make("uninstall").status == 0)
            let left = try FileManager.default.subpathsOfDirectory(atPath: installed.path).filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: installed.path + "/" + path, isDirectory: &isFolder) && !isFolder.boolValue
            }
            #expect(left == ["bin/other"])
        }
    }
}
