import Testing

struct MakefileTests {
    @Test func `make alone lists every target with what it does`() throws {
        let (status, output) = try make([])
        #expect(status == 0)
        for target in ["help", "deps", "deps-kjv", "deps-slurm", "deps-pictures", "deps-readers", "build", "test", "data", "ablate-ptb", "ablate-wt2", "ablate-kjv", "bench", "compare-pytorch", "report", "readme", "clean"] {
            #expect(output.contains("\n  \(target) "), "\(target)")
        }
    }

    @Test(arguments: ["ptb", "wt2", "kjv"])
    func `the table is of both cells`(dataset: String) throws {
        let (_, output) = try make(["--dry-run", "ablate-\(dataset)"])
        let words = try commandLine(in: output)
        #expect(words == [".build/release/ablate", "--dataset", dataset, "--cell", "both"])
        #expect(output.contains("swift build -c release"))
    }

    @Test func `variables reach the command`() throws {
        let variables = ["PROFILE=evening", "CELL=gru", "SEEDS=3", "FIRST_SEED=11", "JOBS=1", "OUT=results/a night"]
        let (_, output) = try make(["--dry-run", "ablate-ptb"] + variables)
        let words = try commandLine(in: output).joined(separator: " ")
        #expect(words.hasSuffix("--dataset ptb --cell gru --profile evening --seeds 3 --first-seed 11 --jobs 1 --out \"results/a night\""))
    }

    @Test(arguments: ["test", "build", "data", "ablate-ptb", "ablate-wt2", "ablate-kjv", "bench", "compare-pytorch", "report", "readme"])
    func `every target that builds first installs what is missing`(target: String) throws {
        let (_, output) = try make(["--dry-run", target])
        #expect(output.split(separator: "\n").first == "Scripts/install-dependencies")
    }

    @Test func `the table on the King James Bible installs it first`() throws {
        let lines = try make(["--dry-run", "ablate-kjv"]).output.split(separator: "\n")
        let install = try #require(lines.firstIndex(of: "Scripts/install-dependencies kjv"))
        let build = try #require(lines.firstIndex { $0.hasPrefix("swift build") })
        #expect(install < build)
        #expect(try make(["--dry-run", "deps-kjv"]).output == "Scripts/install-dependencies kjv\n")
        #expect(try !make(["--dry-run", "ablate-ptb"]).output.contains("install-dependencies kjv"))
    }

    /// Runs make, free of the variables of a make that runs these tests.
    private func make(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let unset = ["MAKEFLAGS", "MAKELEVEL", "PROFILE", "CELL", "SEEDS", "FIRST_SEED", "JOBS", "OUT"].flatMap { ["-u", $0] }
        return try Shell.run(unset + ["make"] + arguments)
    }

    /// The words of the line that runs `ablate`.
    private func commandLine(in output: String) throws -> [String] {
        try #require(output.split(separator: "\n").first { $0.hasPrefix(".build/release/ablate") }).split(separator: " ").map(String.init)
    }
}
