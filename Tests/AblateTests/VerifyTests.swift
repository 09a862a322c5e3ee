import Foundation
import ProjectFolders
import Testing

#if os(Linux)
/// Figures that were finished and then lost or altered.
@Suite struct VerifyTests {
    private let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "2", "--set", "training-tokens=1000", "--drop", "full", "--out"]

    @Test func `what is missing, cut short or altered is named by run and by verify`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            #expect(try Program.run(arguments + [out]).status == 0)
            let whole = try Program.run(["verify", out])
            #expect(whole.status == 0 && whole.output.contains("ok, 7 files as they were written"), "\(whole.output)")
            var cases = 0
            for name in ["best.safetensors", "result.csv", "epochs.csv", "validation-blocks.csv", "difference.yaml", "vocabulary.txt"] {
                let file = URL(fileURLWithPath: out + "/lstm-full-seed1/" + name)
                let content = try Data(contentsOf: file)
                var altered = content
                altered[content.count / 2] ^= 1
                for (change, damaged) in [("missing", nil), ("cut", content.prefix(content.count / 2)), ("altered", altered), ("empty", Data())] as [(String, Data?)] {
                    try FileManager.default.removeItem(at: file)
                    try damaged?.write(to: file)
                    for command in [["verify", out], arguments + [out]] {
                        // What a row changes is written anew for each run that is not finished; this one is.
                        let result = try Program.run(command)
                        #expect(result.status == 65, "\(command[0]), \(name) \(change): \(result.output)\(result.errors)")
                        #expect((result.output + result.errors).contains("lstm-full-seed1") && (result.output + result.errors).contains(name), "\(name) \(change): \(result.errors)")
                        cases += 1
                    }
                    try content.write(to: file)
                }
            }
            print("VerifyTests: \(cases) commands on altered folders")
            #expect(try Program.run(arguments + [out]).errors.contains("1 there already"))
        }
    }

    @Test func `a manifest from before there were digests is accepted, and verify says so`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            #expect(try Program.run(arguments + [out]).status == 0)
            let file = URL(fileURLWithPath: out + "/lstm-full-seed1/manifest.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            let older = text.replacing(/,?\n  "files" : \{[^}]*\}/, with: "").replacing(/"files" ?: ?\{[^}]*\},?/, with: "")
            try #require(older != text)
            try Data(older.utf8).write(to: file)
            #expect(try Program.run(arguments + [out]).errors.contains("1 there already"))
            let result = try Program.run(["verify", out])
            #expect(result.status == 0 && result.output.contains("its manifest has no digests"), "\(result.output)\(result.errors)")
        }
    }

    @Test func `a damaged checkpoint of a run under way gives way to the one before it`() throws {
        try withTemporaryFolder { folder in
            let (whole, out) = (folder.path + "/whole", folder.path + "/out")
            let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "40", "--drop", "full", "--out"]
            #expect(try Program.run(arguments + [whole]).status == 0)
            let (process, output, errors) = try Program.start(arguments + [out])
            defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
            let run = out + "/lstm-full-seed1"
            try waitUntil { FileManager.default.fileExists(atPath: run + "/training.previous.safetensors") }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            try waitUntil { try processes(withArgument: out).isEmpty }
            let file = URL(fileURLWithPath: run + "/training.safetensors")
            try Data(contentsOf: file).dropLast(5).write(to: file)
            #expect(try Program.run(["verify", out]).status == 65)
            let result = try Program.run(arguments + [out])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("goes on from training.previous.safetensors, the checkpoint before it"), "\(result.errors)")
            let weights = try [whole, out].map { try Data(contentsOf: URL(fileURLWithPath: $0 + "/lstm-full-seed1/best.safetensors")) }
            #expect(weights[0] == weights[1])
        }
    }

    @Test func `a run that failed after its manifest is one that failed`() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            #expect(try Program.run(arguments + [out]).status == 0)
            // As its parent writes it where the worker was killed between manifest and result.
            for file in ["/lstm-full-seed1/result.csv", "/results.csv"] {
                let text = try String(contentsOfFile: out + file, encoding: .utf8)
                try text.replacing(",1,ok,", with: ",1,failed,").write(toFile: out + file, atomically: true, encoding: .utf8)
            }
            let result = try Program.run(["verify", out])
            #expect(result.output.contains("failed before") && !result.output.contains("altered"), "\(result.output)")
        }
    }
}
#endif
