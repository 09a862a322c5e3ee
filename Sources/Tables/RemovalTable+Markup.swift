import Foundation

extension RemovalTable {
    /// The table in Markdown, as GitHub reads it: a table for each part, what the signs mean below, and the remarks.
    public var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.map(Markup.markdown).joined(separator: " | ") + " |\n" }
        let sections = parts.map { part in
            let section = part.section
            let rule = section.header.indices.map { section.leftAligned.contains($0) ? "---" : "---:" }
            return "**\(Markup.markdown(section.title))**\n\n" + line(section.header) + "|\(rule.joined(separator: "|"))|\n"
                + section.rows.map(line).joined() + "\n" + section.footers.map { Markup.markdown($0) + "\n" }.joined()
        }
        return (sections + [remarks.map { Markup.markdown($0) + "\n" }.joined()]).joined(separator: "\n")
    }

    /// The table in LaTeX without packages: a `table` for each part, and the remarks.
    public var latex: String {
        func line(_ cells: [String]) -> String { cells.map(Markup.latex).joined(separator: " & ") + " \\\\\n" }
        let sections = parts.map { part in
            let section = part.section
            let columns = section.header.indices.map { section.leftAligned.contains($0) ? "l" : "r" }.joined()
            return """
                \\begin{table}
                \\caption{\(Markup.latex(section.title))}
                \\begin{tabular}{\(columns)}
                \\hline
                \(line(section.header))\\hline
                \(section.rows.map(line).joined())\\hline
                \\end{tabular}

                \\footnotesize
                \(section.footers.map { Markup.latex($0) + "\n" }.joined())\\end{table}

                """
        }
        return (sections + [remarks.map { Markup.latex($0) + "\n" }.joined()]).joined(separator: "\n")
    }
}

/// Plain text with what has a meaning in a markup language escaped.
enum Markup {
    static func markdown(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces).map { "\\|*_`<[]".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    static func latex(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces).map { latexCharacters[$0] ?? String($0) }.joined()
            .replacing(/(^| |\[)-(\d)/) { "\($0.1)$-$\($0.2)" }
    }

    private static let latexCharacters: [Character: String] = [
        "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_", "{": "\\{", "}": "\\}",
        "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
        "Δ": "$\\Delta$", "±": "$\\pm$", "ρ": "$\\rho$", "→": "$\\rightarrow$", "–": "--",
    ]
}
