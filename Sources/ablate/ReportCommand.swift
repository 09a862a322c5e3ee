import ArgumentParser
import Configurations
import Documents
import Foundation
import Pictures
import Runs
import Tables

/// The table of runs that are there, without training.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints the table of finished runs, with its statistics, without training.",
        discussion: """
            Per row: the mean over n seeds with half its 95 % confidence interval (Student's t), and the difference to the full \
            model (of a sweep: to the configuration's own value, else to the first), paired by seed; * marks a difference whose \
            interval excludes zero, ** one that does so after Holm's correction for the rows of its table. With one seed, and where \
            the runs' folders are there, [ ] is what the validation text can tell of the difference. Runs of different datasets, \
            profiles, cells or configurations are never pooled. html is one page with table, pictures, configurations and manifest, which \
            needs no network; svg and pdf are the pictures alone, a file each. These three need gnuplot, and are written to files.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case markdown
        case latex
        case csv
        case json
        case html
        case svg
        case pdf

        /// Whether it goes to files, not to standard output.
        var isOfFiles: Bool { [.html, .svg, .pdf].contains(self) }
    }

    @Argument(help: ArgumentHelp("An output folder of 'run' or 'sweep', or its results.csv.", valueName: "dir|results.csv"))
    var path: String

    @Option(help: "How the table is set.")
    var format = Format.text

    @Option(help: ArgumentHelp("The folder Configs, or the one that holds Configs and Ablations.", valueName: "dir"))
    var configs: String?

    @Option(help: ArgumentHelp(
        "The file of html, or the folder of svg and pdf. (default: report.html, or the folder pictures, beside the results)", valueName: "path"))
    var out: String?

    func validate() throws {
        if let out {
            if !format.isOfFiles { throw ValidationError("--out: goes with --format html, svg or pdf; the other formats are printed") }
            if out.isEmpty { throw ValidationError("--out: must name a file or folder") }
        }
    }

    func run() throws {
        let runs = try ReportedRuns(path: path)
        let table = RemovalTable(
            results: runs.results, published: try ProjectFiles(configs: configs).published(), unfinished: runs.unfinished)
        switch format {
        case .text: print(table.text(width: Terminal.standardOutput.width), terminator: "")
        case .markdown: print(table.markdown, terminator: "")
        case .latex: print(table.latex, terminator: "")
        case .csv:
            print(table.csv.text, terminator: "")
            // A CSV file has no place for remarks.
            if !runs.unfinished.isEmpty { StandardError.line("Not finished: \(runs.unfinished.joined(separator: ", ")).") }
        case .json: print(try table.json, terminator: "")
        case .html: try writePage(of: try Report(runs, table: table))
        case .svg: try writePictures(of: try Report(runs, table: table), as: .svg)
        case .pdf: try writePictures(of: try Report(runs, table: table), as: .pdf)
        }
    }

    private func writePage(of report: Report) throws {
        let page = try report.html(drawnBy: try Gnuplot())
        let file = URL(fileURLWithPath: out ?? place("report.html"))
        try TextFile.write(page, to: file)
        print(file.path)
    }

    /// Writes nothing before all is drawn.
    private func writePictures(of report: Report, as type: Gnuplot.FileType) throws {
        let gnuplot = try Gnuplot()
        let plots = report.plots
        guard !plots.isEmpty else {
            throw InputError.data("\(path): there is nothing to draw: one row alone, and no run's folder with a finished epoch")
        }
        let pictures = try gnuplot.draw(plots, as: type)
        let folder = URL(fileURLWithPath: out ?? place("pictures"), isDirectory: true)
        do {
            try DurableFile.makeFolder(folder)
        } catch {
            throw InputError.inputOutput("\(folder.path): cannot be made: \(TextFile.reason(error))")
        }
        for (plot, picture) in zip(plots, pictures) {
            let file = folder.appendingPathComponent("\(plot.name).\(type)")
            try DurableFile.write(to: file) { try $0(picture) }
            print(file.path)
        }
    }

    /// A path beside the results.
    private func place(_ name: String) -> String {
        let url = URL(fileURLWithPath: path)
        let folder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true ? url : url.deletingLastPathComponent()
        return folder.appendingPathComponent(name).path
    }
}
