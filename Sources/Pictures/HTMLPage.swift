import Documents

/// A page in one file: it loads nothing, runs nothing, and follows light and dark, telephone, screen and paper.
public struct HTMLPage: Sendable {
    /// A part with a heading, to which the list of contents leads.
    public struct Section: Sendable {
        let id: String
        let heading: String
        let html: String

        /// - Parameter html: with all texts escaped.
        public init(id: String, heading: String, html: String) { (self.id, self.heading, self.html) = (id, heading, html) }
    }

    let title: String
    let introduction: String
    let sections: [Section]

    public init(title: String, introduction: String, sections: [Section]) {
        (self.title, self.introduction, self.sections) = (title, introduction, sections)
    }

    /// Texts as a list, a line each.
    public static func list(_ texts: [String]) -> String {
        "<ul>\n\(texts.map { "<li>\($0.escapedForMarkup)</li>\n" }.joined())</ul>\n"
    }

    /// The content of the file.
    public var text: String {
        let contents = sections.map { "<li><a href=\"#\($0.id)\">\($0.heading.escapedForMarkup)</a></li>\n" }.joined()
        let parts = sections.map { section in
            """
            <section id="\(section.id)" aria-labelledby="\(section.id)-heading">
            <h2 id="\(section.id)-heading">\(section.heading.escapedForMarkup)</h2>
            \(section.html)</section>

            """
        }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <title>\(title.escapedForMarkup)</title>
            <style>
            \(PageStyle.text)
            </style>
            </head>
            <body>
            <header>
            <h1>\(title.escapedForMarkup)</h1>
            <p>\(introduction.escapedForMarkup)</p>
            <nav aria-label="Contents"><ul>
            \(contents)</ul></nav>
            </header>
            <main>
            \(parts)</main>
            <footer><p>Made by <code>ablate report --format html</code>.</p></footer>
            </body>
            </html>

            """
    }
}
