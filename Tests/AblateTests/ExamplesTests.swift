import Foundation
import Testing

/// Other packages can depend on this one. Each test builds a package of its own, which takes a while.
@Suite(.serialized)
struct ExamplesTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func `the example depends on the package by path and its loss falls`() throws {
        // Kept between runs, because the example compiles the whole package anew.
        let scratch = Self.root.appendingPathComponent(".build/examples/TrainStep").path
        let output = try run(
            ["swift", "run", "--scratch-path", scratch], in: Self.root.appendingPathComponent("Examples/TrainStep"))
        let losses = output.split(separator: "\n").filter { $0.hasPrefix("step ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        let first = try #require(losses.first)
        let last = try #require(losses.last)
        #expect(losses.count > 5)
        #expect(abs(first - log(10)) < 0.05)
        #expect(last < 0.5 * first)
    }

    @Test func `a package can depend on a version`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("version-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let origin = folder.appendingPathComponent("ablate")
        let sources = folder.appendingPathComponent("Consumer/Sources/Consumer")
        for place in [origin, sources] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        for name in ["Package.swift", "Sources", "Tests"] {
            try FileManager.default.copyItem(
                at: Self.root.appendingPathComponent(name), to: origin.appendingPathComponent(name))
        }
        for arguments in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "A version"], ["tag", "1.0.0"]] {
            let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
            let unsigned = ["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"]
            try run(["git"] + identity + unsigned + arguments, in: origin)
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

        let output = try run(["swift", "run"], in: folder.appendingPathComponent("Consumer"))
        #expect(output.contains("gates of a GRU: 3"))
    }

    /// Runs a command and returns its standard output and error together; records an issue when it fails.
    @discardableResult
    private func run(_ command: [String], in folder: URL) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(command.joined(separator: " ")): \(output.suffix(2000))")
        return output
    }
}
