import Foundation
import ProjectFolders
import Testing

/// Scripts/compare-curve: what stands committed is what it prints, and bad input ends it as it ends `ablate`.
@Suite(.enabled(if: Shell.hasPython3, "needs python3")) struct CompareCurveTests {
    private static let measured = projectRoot.appendingPathComponent("Ablations/measured/ptb-paper-lstm")

    @Test(arguments: ["", "-seed-2", "-bfloat16"])
    func theMeasuredCurvesAreItsOutput(seed: String) throws {
        let run = Self.measured.appendingPathComponent("epochs\(seed).csv").path
        for (options, file) in [([], "curve\(seed).txt"), (["--csv"], "curve\(seed).csv")] {
            let (status, output) = try compare([run] + options)
            let committed = try String(contentsOf: Self.measured.appendingPathComponent(file), encoding: .utf8)
            #expect(status == 0 && output == committed, "\(file); \(output)")
        }
    }

    @Test func aMissingFileAndAMissingColumnAreNamed() throws {
        try withTemporaryFolder { folder in
            let missing = try compare([folder.path])
            #expect(missing.status == 74 && missing.output.contains("\(folder.path)/epochs.csv"))
            let file = folder.appendingPathComponent("epochs.csv")
            try Data("epoch,train_ppl\n1,300\n".utf8).write(to: file)
            let other = try compare([file.path])
            #expect(other.status == 65 && other.output.contains("'valid_raw_ppl'"))
        }
    }

    @Test func theLastIntervalOfAnEpochStandsForIt() throws {
        try withTemporaryFolder { folder in
            let intervals = "interval,epoch,steps,valid_raw_ppl\n1,1,300,900\n2,1,600,500\n3,3,1400,200\n"
            try Data(intervals.utf8).write(to: folder.appendingPathComponent("intervals.csv"))
            let (status, output) = try compare([folder.path, "--csv"])
            #expect(status == 0 && output.split(separator: "\n").dropFirst().map { $0.prefix(8) } == ["1,500.00", "3,200.00"], "\(output)")
        }
    }

    @Test func anEpochWhoseRawWeightsWereNotJudgedIsPassedOver() throws {
        try withTemporaryFolder { folder in
            try Data("epoch,valid_raw_ppl\n1,500\n2,\n3,200\n".utf8).write(to: folder.appendingPathComponent("epochs.csv"))
            let (status, output) = try compare([folder.path, "--csv"])
            #expect(status == 0 && output.split(separator: "\n").dropFirst().map { $0.prefix(8) } == ["1,500.00", "3,200.00"], "\(output)")
        }
    }

    private func compare(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try Shell.run(["PYTHONDONTWRITEBYTECODE=1", "Scripts/compare-curve"] + arguments)
    }
}
