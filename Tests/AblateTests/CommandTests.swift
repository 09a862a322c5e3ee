import Foundation
import ProjectFolders
import Testing

@Suite struct CommandTests {
    @Test func rowsAreListedWithOneLineEach() throws {
        let result = try Program.run(["rows"])
        #expect(result.status == 0)
        let slugs = result.output.split(separator: "\n").dropFirst(2).map { String($0.prefix { $0 != " " }) }
        #expect(slugs == [
            "full", "fine-tuning", "nt-asgd", "variable-length-bptt", "embedding-dropout", "weight-decay", "ar-tar", "independent-sizes",
            "weight-dropping", "variational-dropout", "weight-tying", "ar", "tar",
        ])
    }

    @Test func theVersionIsASemanticOne() throws {
        let result = try Program.run(["--version"])
        #expect(result.status == 0)
        #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test func helpNamesTheSubcommands() throws {
        let result = try Program.run(["--help"])
        #expect(result.status == 0)
        for name in ["run (default)", "sweep", "report", "rows", "info", "spectrum", "eval", "generate", "data"] { #expect(result.output.contains(name)) }
        #expect(!result.output.contains("train-run"))
    }

    @Test func infoIsJSON() throws {
        let result = try Program.run(["info", "--json", "--dataset", "synthetic", "--profile", "smoke", "--set", "ar=0.5"])
        #expect(result.status == 0, "\(result.errors)")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let configuration = try #require(json["configuration"] as? [String: Any])
        #expect(configuration["ar"] as? Double == 0.5)
        #expect(configuration["dataset"] as? String == "synthetic")
        #expect(configuration["weight-tying"] as? Bool == true)
        #expect(json["vocabulary"] as? Int == 200)
        #expect((json["parameters"] as? Int ?? 0) > 0)
        #expect((json["blas_library"] as? String)?.contains("OpenBLAS") == true)
        #expect(json["blas_threads"] as? Int == 1)
        #expect(json["blas_core"] is String)
    }

    @Test func infoAsTextNamesEveryKey() throws {
        let result = try Program.run(["info", "--dataset", "synthetic"])
        for key in ["embedding-size", "non-monotonic-interval", "parameters", "blas_core"] { #expect(result.output.contains("\n\(key) ")) }
    }

    @Test(
        .enabled(if: dataDirectory != nil, "needs ABLATE_DATA"),
        arguments: [("ptb", "lstm", 24_221_600), ("ptb", "gru", 19_168_700), ("ptb", "qrnn", 12_125_600), ("wt2", "lstm", 33_556_078), ("wt2", "gru", 28_503_178)])
    func thePapersParameterCounts(dataset: String, cell: String, parameters: Int) throws {
        let result = try Program.run(
            ["info", "--json", "--dataset", dataset, "--cell", cell, "--profile", "paper"], data: dataDirectory)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"parameters\": \(parameters)"))
    }

    @Test(.enabled(if: dataDirectory != nil, "needs ABLATE_DATA"))
    func dataIsVerified() throws {
        let result = try Program.run(["data"], data: dataDirectory)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.split(separator: "\n").count == 6)
    }

    @Test(.enabled(if: dataDirectory != nil, "needs ABLATE_DATA"), arguments: ["ptb", "wt2"])
    func aRowRunsOnRealText(dataset: String) throws {
        try withTemporaryFolder { folder in
            let result = try Program.run(
                [
                    "--profile", "smoke", "--dataset", dataset, "--drop", "weight-dropping", "--epochs", "1", "--set",
                    "training-tokens=5000", "--out", folder.path + "/out",
                ], data: dataDirectory)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("not comparable with the paper's") && result.output.contains(dataset == "ptb" ? "71.1" : "78.4"))
        }
    }

    @Test func spectrumShowsTheRunWithoutWeightDroppingBeside() throws {
        try withTemporaryFolder { folder in
            let out = folder.path + "/out"
            let arguments = [
                "--profile", "smoke", "--dataset", "synthetic", "--drop", "weight-dropping", "--epochs", "1", "--out", out, "--set",
                "hidden-size=8", "--set", "embedding-size=6",
            ]
            #expect(try Program.run(arguments).status == 0)
            let result = try Program.run(["spectrum", out + "/lstm-full-seed1"])
            #expect(result.status == 0, "\(result.errors)")
            let lines = result.output.split(separator: "\n")
            #expect(lines[0] == "layers.0.weight_hh, 32 × 8")
            #expect(lines[1].split(separator: " ") == ["k", "lstm-full-seed1", "lstm-weight-dropping-seed1"])
            #expect(lines.contains("layers.1.weight_hh, 24 × 6"))
            let largest = lines[3].split(separator: " ").compactMap { Double($0) }
            #expect(largest.count == 3 && largest[0] == 1 && largest[1] > 0 && largest[1] != largest[2])
        }
    }

    @Test func evalRefusesAnotherVocabulary() throws {
        try withTemporaryFolder { folder in
            try writeCorpus(in: folder.appendingPathComponent("text"))
            let out = folder.path + "/out"
            #expect(try Program.run(["--profile", "smoke", "--dataset", "synthetic", "--drop", "ar", "--epochs", "1", "--out", out]).status == 0)
            let result = try Program.run(["eval", out + "/lstm-full-seed1", "--dataset", folder.path + "/text"])
            #expect(result.status == 65)
            #expect(result.errors.contains("another vocabulary"))
            let mistyped = try Program.run(["eval", out + "/lstm-full-seed1", "--dataset", "PTB"], in: folder)
            #expect(mistyped.status == 65)
            #expect(mistyped.errors.hasSuffix(" Did you mean 'ptb'?\n"))
        }
    }
}
