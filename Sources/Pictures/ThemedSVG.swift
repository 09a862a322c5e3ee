import Documents
import Foundation

/// An SVG file of gnuplot's made fit for a page: it follows light and dark, has a title and a description for those who do not see it, and holds
/// the digest of what it was made from.
struct ThemedSVG {
    let data: Data

    private static let fonts = "system-ui,-apple-system,'Segoe UI','Liberation Sans','DejaVu Sans',sans-serif"

    /// - Throws: `InputError` (`inputOutput`) when it is not what gnuplot's versions 5 and 6 write.
    init(drawn: Data, plot: Plot) throws {
        let text = String(decoding: drawn, as: UTF8.self)
        guard let opening = text.firstRange(of: "<svg"), let start = text[opening.upperBound...].firstIndex(of: ">"),
            let body = text.firstRange(of: /<g id="gnuplot_canvas">/), body.lowerBound > start
        else {
            throw InputError.inputOutput("gnuplot: wrote no SVG that this program knows; version 5.4 of Debian's gnuplot-nox does")
        }
        let head = """
            <svg width="\(plot.width)" height="\(plot.height)" viewBox="0 0 \(plot.width) \(plot.height)" role="img" \
            aria-labelledby="title desc" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
            <title id="title">\(plot.title.escapedForMarkup)</title>
            <desc id="desc">\(plot.description.escapedForMarkup)</desc>
            <metadata>ablate data-digest \(plot.digest)</metadata>
            <style>text{font-family:\(Self.fonts)}\(Palette.styleSheet)</style>
            <rect width="100%" height="100%" fill="\(Palette.background.rawValue)"/>

            """
        let drawing = text[body.lowerBound...]
            .replacing(/['"]rgb\( *(\d+), *(\d+), *(\d+)\)['"]/) { match in
                "\"#" + [match.1, match.2, match.3].map { Self.hexadecimal($0) }.joined() + "\""
            }
            .replacing(/<title>.*?<\/title>/, with: "")
            // Gnuplot's minus is a hyphen.
            .replacing(/<text>-(\d)/) { "<text>−\($0.1)" }
            .replacing(/\s*\n\s*/, with: "\n")
        data = Data((head + drawing).utf8)
    }

    private static func hexadecimal(_ decimal: Substring) -> String {
        let digits = String(Int(decimal) ?? 0, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
