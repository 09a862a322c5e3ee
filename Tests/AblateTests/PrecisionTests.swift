import Foundation
import Kernels
import ProjectFolders
import Testing

/// The key `precision` on the command line.
@Suite struct PrecisionTests {
    private static let isThere: ConditionTrait = .enabled(if: Precision.bfloat16.missing == nil, "the processor has no AVX512_BF16")

    @Test(Self.isThere) func `one seed gives one result, whatever the jobs, and the record says how`() throws {
        try withTemporaryFolder { folder in
            let table = ["--profile", "smoke", "--dataset", "synthetic", "--cell", "both", "--drop", "weight-dropping", "--set", "training-tokens=6000"]
            func run(_ name: String, _ options: [String]) throws -> String {
                let path = "\(folder.path)/\(name)"
                let result = try Program.run(table + options + ["--out", path])
                #expect(result.status == 0, "\(result.errors)")
                return path
            }
            let exact = try run("exact", [])
            let (first, second) = (try run("first", ["--set", "precision=bfloat16", "--jobs", "1"]), try run("second", ["--set", "precision=bfloat16", "--jobs", "2"]))
            for name in try FileManager.default.contentsOfDirectory(atPath: first) where name.contains("-seed") {
                func file(_ path: String, _ file: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)/\(file)")) }
                #expect(try file(first, "best.safetensors") == file(second, "best.safetensors"), "\(name)")
                #expect(try file(first, "best.safetensors") != file(exact, "best.safetensors"), "\(name)")
                let manifest = try JSONSerialization.jsonObject(with: file(first, "manifest.json")) as? [String: Any]
                #expect(manifest?["matrix_products"] as? String == ProductPath.preferred(for: .bfloat16).rawValue)
                #expect((manifest?["configuration"] as? [String: String])?["precision"] == "bfloat16")
            }
            // A checkpoint is measured as it was trained.
            let line = try #require(try rows(of: first + "/results.csv").first { $0["row"] == "full" })
            let cell = try #require(line["cell"])
            let eval = try Program.run(["eval", "\(first)/\(cell)-full-seed1", "--split", "test"])
            let perplexity = try #require(line["test_ppl"].flatMap { Double($0) })
            let measured = try #require(eval.output.split(separator: "\n").last?.split(separator: " ").last.flatMap { Double($0) })
            #expect(abs(measured / perplexity - 1) < 1e-6, "\(eval.output)\(eval.errors)")
        }
    }

    @Test func `info says what there is`() throws {
        let output = try Program.run(["info", "--dataset", "synthetic", "--json"]).output
        let info = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect((info["configuration"] as? [String: Any])?["precision"] as? String == "float32")
        #expect((info["float32_products"] as? String)?.hasSuffix("openblas") == true)
        let there = ProductPath.available.filter { $0.precision == .bfloat16 }.map(\.rawValue).joined(separator: ", ")
        #expect(info["bfloat16_products"] as? String == (Precision.bfloat16.missing.map { "none: \($0)" } ?? there))
    }

    @Test(.disabled(if: Precision.bfloat16.missing == nil, "the processor has AVX512_BF16"))
    func `a processor without it refuses the key`() throws {
        let result = try Program.run(["--dataset", "synthetic", "--profile", "smoke", "--set", "precision=bfloat16"])
        #expect(result.status == 64 && result.errors.contains("AVX512_BF16"))
    }
}
