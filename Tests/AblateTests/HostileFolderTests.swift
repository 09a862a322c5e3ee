import Foundation
import ProjectFolders
import Testing

/// Folders, names and checkpoints that lead elsewhere than they seem.
@Suite struct HostileFolderTests {
    private let options = ["--profile", "smoke", "--epochs", "1", "--set", "fine-tuning=false", "--drop", "full"]

    private func train(on text: URL, into out: URL) throws {
        let result = try Program.run(options + ["--dataset", text.path, "--out", out.path])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `eval refuses another architecture, vocabulary or text, naming what differs`() throws {
        try withTemporaryFolder { folder in
            let (text, out) = (folder.appendingPathComponent("text"), folder.appendingPathComponent("out"))
            try writeCorpus(in: text)
            try train(on: text, into: out)
            let run = out.appendingPathComponent("lstm-full-seed1")
            #expect(try Program.run(["eval", run.path]).status == 0)
            // The same words in another order.
            try Data(corpusText(lines: 59).utf8).write(to: text.appendingPathComponent("valid.txt"))
            let other = try Program.run(["eval", run.path])
            #expect(other.status == 65 && other.errors.contains("was trained on other text than text has now (SHA-256 of the word ids"), "\(other.errors)")
            #expect(other.output == "")
            let named = try Program.run(["eval", run.path, "--dataset", text.path])
            #expect(named.status == 0, "it is asked for: \(named.errors)")
            try Data("a word that nobody knows\n".utf8).write(to: text.appendingPathComponent("test.txt"))
            for dataset in [[], ["--dataset", text.path]] {
                let result = try Program.run(["eval", run.path] + dataset)
                #expect(result.status == 65 && result.errors.contains("another vocabulary than that of text ("), "\(result.errors)")
            }
            try writeCorpus(in: text)
            let configuration = run.appendingPathComponent("configuration.yaml")
            let yaml = try String(contentsOf: configuration, encoding: .utf8)
            for (line, expected) in [("layers", "layers"), ("hidden-size", "hidden-size"), ("cell", "cell")] {
                let changed = yaml.split(separator: "\n").map { $0.hasPrefix(line + ":") ? line == "cell" ? "cell: \"gru\"" : "\(line): 7" : String($0) }
                try Data(changed.joined(separator: "\n").utf8).write(to: configuration)
                let result = try Program.run(["eval", run.path])
                #expect(result.status == 65 && result.errors.contains("of another model") && result.errors.contains("\(expected) "), "\(result.errors)")
            }
        }
    }

    @Test func `symbolic links in the output folder are not followed when writing`() throws {
        try withTemporaryFolder { folder in
            let (text, out, elsewhere) = (folder.appendingPathComponent("text"), folder.appendingPathComponent("out"), folder.appendingPathComponent("elsewhere"))
            try writeCorpus(in: text)
            let manager = FileManager.default
            try manager.createDirectory(at: elsewhere, withIntermediateDirectories: true)
            try manager.createDirectory(at: out, withIntermediateDirectories: true)
            // In place of the run's folder.
            let run = out.appendingPathComponent("lstm-full-seed1")
            try manager.createSymbolicLink(at: run, withDestinationURL: elsewhere)
            let refused = try Program.run(options + ["--dataset", text.path, "--out", out.path])
            #expect(refused.status != 0 && refused.errors.contains("is a symbolic link"), "\(refused.errors)")
            #expect(try manager.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
            try manager.removeItem(at: run)
            for name in ["results.csv", "table.csv"] { try? manager.removeItem(at: out.appendingPathComponent(name)) }
            // In place of each file that will be written.
            try manager.createDirectory(at: run, withIntermediateDirectories: true)
            let names = ["difference.yaml", "epochs.csv", "validation-blocks.csv", "vocabulary.txt", "best.safetensors"].map { "lstm-full-seed1/\($0)" } + ["results.csv", "table.csv"]
            for name in names {
                let target = elsewhere.appendingPathComponent(name.replacingOccurrences(of: "/", with: "-"))
                try Data("mine".utf8).write(to: target)
                try manager.createSymbolicLink(at: out.appendingPathComponent(name), withDestinationURL: target)
            }
            try train(on: text, into: out)
            for name in names {
                let target = elsewhere.appendingPathComponent(name.replacingOccurrences(of: "/", with: "-"))
                #expect(try Data(contentsOf: target) == Data("mine".utf8), "\(name)")
                #expect((try? manager.destinationOfSymbolicLink(atPath: out.appendingPathComponent(name).path)) == nil, "\(name)")
            }
        }
    }

    @Test func `nothing from a file or name reaches a shell, or leaves the output folder`() throws {
        try withTemporaryFolder { folder in
            let text = folder.appendingPathComponent("$(touch shell) `touch shell`; touch shell *x")
            let words = "$(touch shell) `touch shell` ; touch shell | ../../x && /etc/passwd\n"
            let lines = String(repeating: words, count: 60)
            try writeCorpus(in: text, train: lines + lines + lines, valid: lines, test: lines)
            let result = try Program.run(options + ["--dataset", text.path, "--configs", projectRoot.path], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let again = try Program.run(options + ["--dataset", text.path, "--configs", projectRoot.path], in: folder)
            #expect(again.status == 0 && again.errors.contains("1 there already"), "\(again.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == [text.lastPathComponent, "results"].sorted())
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results") == ["\(text.lastPathComponent)-smoke"])
        }
    }

    /// Programs are started by their file and a list of arguments; there are four places that do.
    @Test func `no source starts a shell`() throws {
        let sources = projectRoot.appendingPathComponent("Sources")
        var starters: Set<String> = []
        for name in FileManager.default.subpaths(atPath: sources.path) ?? [] where name.hasSuffix(".swift") || name.hasSuffix(".c") {
            let source = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
            for shell in ["bin/sh", "bin/bash", "\"sh\"", "\"bash\"", "popen(", " system(", "execl"] { #expect(!source.contains(shell), "\(name)") }
            if source.contains(/\bProcess\(\)/) { starters.insert(name) }
        }
        #expect(starters == ["Documents/InstalledProgram.swift", "Runs/ChildProcess.swift", "Runs/ProgramCommit.swift", "Runs/SlurmQueue.swift"])
    }
}
