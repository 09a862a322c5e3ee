import Documents
import Foundation

/// The program gnuplot, which draws the plots.
public struct Gnuplot: Sendable {
    /// What kind of file it writes.
    public enum FileType: String, Sendable {
        /// Scalable vector graphics, following light and dark, with title and description.
        case svg
        /// For papers; always light.
        case pdf
    }

    private let program: InstalledProgram

    private static let installing = "install Debian's package gnuplot-nox (make deps-pictures does)"

    /// - Parameter searchPath: folders separated by colons, as in `PATH`.
    /// - Throws: `InputError` (`inputOutput`) when it is in none of them.
    public init(searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "") throws {
        guard let program = InstalledProgram("gnuplot", searchPath: searchPath) else {
            throw InputError.inputOutput("gnuplot is missing, which draws the pictures: \(Self.installing); the other formats need no program")
        }
        self.program = program
    }

    /// Draws all plots, in one process.
    ///
    /// - Returns: the files' contents, in the order of the plots.
    /// - Throws: `InputError` (`inputOutput`) when gnuplot fails, with what it said.
    public func draw(_ plots: [Plot], as type: FileType) throws -> [Data] {
        guard !plots.isEmpty else { return [] }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ablate-plots-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError.inputOutput("\(folder.path): cannot be made: \(TextFile.reason(error))")
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = plots.enumerated().map { index, plot in
            """
            reset session
            set encoding utf8
            set terminal \(terminal(of: plot, type))
            set output '\(index).\(type)'
            \(plot.script)
            unset output

            """
        }.joined()
        try TextFile.write(script, to: folder.appendingPathComponent("plots.gp"))
        // Without settings of the user's, and with points in numbers.
        let end = try program.run(["-d", "plots.gp"], in: folder, environment: ["LC_ALL": "C.UTF-8"])
        guard end.isSuccess else {
            throw InputError.inputOutput("\(program.url.path): failed with exit code \(end.status)\(end.lastLine); \(Self.installing)")
        }
        return try plots.indices.map { index in
            let file = folder.appendingPathComponent("\(index).\(type)")
            guard let data = try? Data(contentsOf: file), !data.isEmpty else {
                throw InputError.inputOutput("\(program.url.path): drew nothing\(end.lastLine); \(Self.installing)")
            }
            return type == .svg ? try ThemedSVG(drawn: data, plot: plots[index]).data : data
        }
    }

    private func terminal(of plot: Plot, _ type: FileType) -> String {
        switch type {
        case .svg: "svg size \(plot.width),\(plot.height) fixed noenhanced font 'sans-serif,\(plot.fontSize)'"
        case .pdf:
            // A pixel of the SVG is 1/96 inch, a point of letters 1/72.
            "pdfcairo size \(Plot.number(Double(plot.width) / 96))in,\(Plot.number(Double(plot.height) / 96))in noenhanced "
                + "font 'sans-serif,\(Plot.number(Double(plot.fontSize) * 0.75))' fontscale 1 linewidth 0.75 pointscale 0.5"
        }
    }
}
