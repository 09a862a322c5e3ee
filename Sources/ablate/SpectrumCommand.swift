import ArgumentParser
import Documents
import LanguageModel
import Runs

/// What training did to the recurrent weight matrices.
struct SpectrumCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spectrum",
        abstract: "Prints the singular values of each recurrent weight matrix of a run.",
        discussion: "Those of the run without weight-dropping, of the same cell and seed, stand beside them where it is in the same folder.")

    @Argument(help: ArgumentHelp("A run's folder.", valueName: "dir"))
    var folder: String

    func run() throws {
        let run = try FinishedRun(folder: folder)
        let other = run.withoutWeightDropping
        let spectrum = try Spectrum(run.model)
        let otherSpectrum = try other.map { try Spectrum($0.model) }
        for (index, matrix) in spectrum.matrices.enumerated() {
            let partner = otherSpectrum?.matrices.first { $0.name == matrix.name }
            let columns = [matrix.singularValues] + (other == nil ? [] : [partner?.singularValues ?? []])
            let header = ["k", run.folder.lastPathComponent] + (other.map { [$0.folder.lastPathComponent] } ?? [])
            let rows = matrix.singularValues.indices.map { k in
                [String(k + 1)] + columns.map { k < $0.count ? $0[k].description : "" }
            }
            print("\(index == 0 ? "" : "\n")\(matrix.name), \(matrix.rows) × \(matrix.columns)")
            let table = AlignedText.table([header] + rows, leftAligned: [], repeated: 1, width: Terminal.standardOutput.width)
            print(table, terminator: "")
        }
    }
}
