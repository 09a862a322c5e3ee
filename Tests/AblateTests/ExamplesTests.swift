import Foundation
import ProjectFolders
import Testing

/// Other packages can depend on this one. Each test builds a package of its own, which takes a while.
@Suite(.serialized)
struct ExamplesTests {
    @Test func `the example depends on the package by path and its loss falls`() throws {
        // Kept between runs, because the example compiles the whole package anew.
        let scratch = projectRoot.appendingPathComponent(".build/examples/TrainStep").path
        let output = try succeed(
            ["swift", "run", "--scratch-path", scratch], in: projectRoot.appendingPathComponent("Examples/TrainStep"))
        let losses = output.split(separator: "\n").filter { $0.hasPrefix("step ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        let first = try #require(losses.first)
        let last = try #require(losses.last)
        #expect(losses.count > 5)
        #expect(abs(first - log(10)) < 0.05)
        #expect(last < 0.5 * first)
    }

    @Test func `a package can depend on a version`() throws {
        try withTemporaryFolder { folder in
            let origin = folder.appendingPathComponent("ablate")
            let sources = folder.appendingPathComponent("Consumer/Sources/Consumer")
            for place in [origin, sources] {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            }
            for name in ["Package.swift", "Sources", "Tests"] {
                try FileManager.default.copyItem(
                    at: projectRoot.appendingPathComponent(name), to: origin.appendingPathComponent(name))
            }
            for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "A version"], ["tag", "1.0.0"]] {
                let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
                let unsigned = ["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]
                try succeed(["git"] + identity + unsigned + arguments, in: origin)
            }
            let manifest = """
                // swift-tools-version: 6.1
                import PackageDescription

                let package = Package(
                    name: "Consumer",
                    platforms: [.macOS(.v15)],
                    dependencies: [.package(url: "\(origin.absoluteString)", from: "1.0.0")],
                    targets: [.executableTarget(name: "Consumer", dependencies: [.product(name: "Recurrent", package: "ablate")])]
                )
                """
            try Data(manifest.utf8).write(to: folder.appendingPathComponent("Consumer/Package.swift"))
            let program = "import Recurrent\nprint(\"gates of a GRU: \\(CellKind.gru.gateCount)\")\n"
            try Data(program.utf8).write(to: sources.appendingPathComponent("main.swift"))

            let output = try succeed(["swift", "run"], in: folder.appendingPathComponent("Consumer"))
            #expect(output.contains("gates of a GRU: 3"))
        }
    }

    /// Runs a command and returns what it printed; records an issue when it fails.
    @discardableResult
    private func succeed(_ command: [String], in folder: URL) throws -> String {
        let (status, output) = try Shell.run(command, in: folder)
        #expect(status == 0, "\(command.joined(separator: " ")): \(output.suffix(2000))")
        return output
    }
}
