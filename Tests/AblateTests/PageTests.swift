import Foundation
import ProjectFolders
import Testing

/// `ablate report` with pictures, and what others can read of a run's files.
@Suite struct PageTests {
    private static let results = projectRoot.appendingPathComponent("Tests/AblateTests/Fixtures/report/results.csv").path
    static let hasGnuplot = (try? Shell.run(["gnuplot", "--version"]))?.status == 0
    static let gnuplotIsNeeded: Comment = "needs gnuplot; make deps-pictures"
    private static let measured = projectRoot.appendingPathComponent("Ablations/measured/ptb-quick-a67b755")
    /// One that reads event files and tables, and drives a browser: READER_PYTHON, the one of `make deps-readers`, or the system's.
    static let python = [
        ProcessInfo.processInfo.environment["READER_PYTHON"], projectRoot.appendingPathComponent(".build/readers/bin/python").path, "python3",
    ].compactMap { $0 }.first { python in
        let isThere = "from importlib.util import find_spec; raise SystemExit(not all(map(find_spec, ['tensorboard', 'pandas', 'playwright', 'axe_playwright_python'])))"
        return (try? Shell.run([python, "-c", isThere]))?.status == 0
    }
    static let pythonIsNeeded: Comment = "needs a Python with tensorboard, pandas, playwright and axe-playwright-python; make deps-readers"
    static let canLookAtPages = hasGnuplot && python != nil && (try? Shell.run(["chromium", "--version"]))?.status == 0
    static let browserIsNeeded: Comment = "needs gnuplot (make deps-pictures), Chromium and a Python that drives it (make deps-readers)"

    /// Four runs of a committed table, of both cells.
    private func copyRuns(into folder: URL) throws {
        for run in ["lstm-full", "lstm-nt-asgd", "gru-full", "gru-ar-tar"].map({ $0 + "-seed11" }) {
            try FileManager.default.copyItem(at: Self.measured.appendingPathComponent(run), to: folder.appendingPathComponent(run))
        }
    }

    private func page(of folder: URL) throws -> String {
        let result = try Program.run(["report", folder.path, "--format", "html"])
        #expect(result.status == 0 && result.output == folder.path + "/report.html\n", "\(result.errors)")
        return try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    }

    private func train(into folder: URL, _ more: [String] = []) throws {
        let arguments = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "3", "--drop", "ar", "--out", folder.path]
        let result = try Program.run(arguments + more)
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func withoutGnuplotNothingIsWritten() throws {
        try withTemporaryFolder { folder in
            for format in ["html", "svg", "pdf"] {
                let result = try Program.run(
                    ["report", Self.results, "--format", format, "--out", folder.path + "/out"], environment: ["PATH": "/nowhere"])
                #expect(result.status == 74 && result.output == "")
                #expect(result.errors.contains("gnuplot is missing") && result.errors.contains("gnuplot-nox"), "\(result.errors)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test(arguments: [
        (["--format", "text", "--out", "x"], "--out: goes with --format html, svg or pdf"), (["--format", "html", "--out", ""], "--out: must name"),
    ])
    func wrongUseIsNamed(arguments: [String], message: String) throws {
        let result = try Program.run(["report", Self.results] + arguments)
        #expect(result.status == 64 && result.errors.contains(message), "\(result.errors)")
    }

    @Test(.enabled(if: hasGnuplot, gnuplotIsNeeded), arguments: [("html", "/dev/null/x: cannot be written"), ("svg", "/dev/null/x: cannot be made")])
    func whatCannotBeWrittenIsNamed(format: String, message: String) throws {
        let result = try Program.run(["report", Self.results, "--format", format, "--out", "/dev/null/x"])
        #expect(result.status == 74 && result.errors.contains(message), "\(result.errors)")
    }

    @Test(.enabled(if: hasGnuplot, gnuplotIsNeeded))
    func emptyAndDamagedFoldersAndOneRowAloneAreNamed() throws {
        try withTemporaryFolder { folder in
            let empty = try Program.run(["report", folder.path, "--format", "html"])
            #expect(empty.status == 74 && empty.errors.contains("holds no finished run"))
            let lines = try String(contentsOfFile: Self.results, encoding: .utf8).split(whereSeparator: \.isNewline)
            let file = folder.appendingPathComponent("results.csv")
            try Data(lines.prefix(2).joined(separator: "\n").utf8).write(to: file)
            let alone = try Program.run(["report", file.path, "--format", "svg"])
            #expect(alone.status == 65 && alone.errors.contains("there is nothing to draw"), "\(alone.errors)")
            #expect(try Program.run(["report", file.path, "--format", "html"]).status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["report.html", "results.csv"])
        }
    }

    /// Names and values of a file are text in the page, whatever they hold.
    @Test(.enabled(if: hasGnuplot, gnuplotIsNeeded))
    func hostileNamesStayText() throws {
        try withTemporaryFolder { folder in
            let hostile = "\"</title><script>alert('x')</script>&`touch x`\""
            let text = try String(contentsOfFile: Self.results, encoding: .utf8).replacingOccurrences(of: "\nptb,", with: "\n\(hostile),")
            let file = folder.appendingPathComponent("results.csv")
            try Data(text.utf8).write(to: file)
            let result = try Program.run(["report", file.path, "--format", "html"])
            #expect(result.status == 0, "\(result.errors)")
            let page = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
            #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;`touch x`"))
            #expect(!page.contains("<script"))
        }
    }

    @Test(.enabled(if: hasGnuplot, gnuplotIsNeeded))
    func thePageHoldsEverythingAndNeedsNothing() throws {
        try withTemporaryFolder { folder in
            try copyRuns(into: folder)
            let first = try page(of: folder)
            for outside in ["src=\"http", "href=\"http", "url(", "<script", "@import", "<link"] { #expect(!first.contains(outside), "\(outside)") }
            for part in [
                "<td class=\"words\">ar: 2 → 0; tar: 1 → 0</td>", "What all runs have in common", "not comparable with the paper",
                "averaging starts after 994 steps", "learning rate halved after 994 steps",
            ] { #expect(first.contains(part), "\(part)") }
            for run in ["lstm-nt-asgd", "gru-ar-tar"] {
                let curve = try rows(of: folder.path + "/\(run)-seed11/intervals.csv")
                for column in ["train_ppl", "valid_raw_ppl", "valid_averaged_ppl"] {
                    for figure in curve.compactMap({ $0[column].flatMap(Double.init) }) { #expect(first.contains(String(format: "<td>%.2f</td>", figure))) }
                }
            }
            // Every figure of a picture stands outside the pictures too.
            let words = first.replacing(/<(?:img|source) [^>]*>/, with: "")
            let pictures = first.matches(of: /<img [^>]*alt="([^"]{40,})"/).map { String($0.1) }
            #expect(pictures.count == 5 && first.matches(of: #/<img /#).count == 5)
            #expect(pictures[0].contains("from the validation text alone") && pictures[0].contains("nt-asgd 4.65 (3.67 to 5.63), paper 6.3"), "\(pictures[0])")
            for figure in pictures.flatMap({ $0.matches(of: #/-?\d+\.\d+/#) }) { #expect(words.contains(figure.0), "\(figure.0)") }

            // A run that was stopped, and one whose file is damaged.
            let run = folder.appendingPathComponent("gru-ar-tar-seed11")
            try FileManager.default.removeItem(at: run.appendingPathComponent("result.csv"))
            #expect(try page(of: folder).contains("not finished"))
            let file = run.appendingPathComponent("intervals.csv")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing("false", with: "maybe", maxReplacements: 1).utf8).write(to: file)
            let damaged = try Program.run(["report", folder.path, "--format", "html"])
            #expect(damaged.status == 65 && damaged.errors.contains("intervals.csv:2: trigger: 'maybe' is not readable"), "\(damaged.errors)")
        }
    }

    /// In Chromium: two widths, light and dark, keyboard, paper, and axe-core's rules.
    @Test(.enabled(if: canLookAtPages, browserIsNeeded))
    func aReaderFindsNoFault() throws {
        try withTemporaryFolder { folder in
            try copyRuns(into: folder)
            _ = try page(of: folder)
            let check = [try #require(Self.python), projectRoot.appendingPathComponent("Scripts/check_page.py").path]
            let result = try Shell.run(check + [folder.path + "/report.html"])
            #expect(result.status == 0 && result.output == "report.html: 4 screens, keyboard and paper: 0 faults\n", "\(result.output)")
        }
    }

    @Test(.enabled(if: python != nil, pythonIsNeeded))
    func tensorBoardAndPandasReadWhatIsWritten() throws {
        try withTemporaryFolder { folder in
            try train(into: folder, ["--tensorboard"])
            try train(into: folder.appendingPathComponent("steps"), ["--tensorboard", "--set", "logging-interval=7"])
            let program = """
                import sys, pandas
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                run, table, other = sys.argv[1:]
                epochs = pandas.read_csv(run + '/epochs.csv')
                results = pandas.read_csv(table)
                for frame in (epochs, results): assert not [c for c in frame if c.startswith('Unnamed')], frame.columns
                assert epochs.train_ppl.dtype == float and epochs.best.dtype == bool and epochs.epoch.tolist() == list(range(1, len(epochs) + 1))
                assert results.valid_ppl.dtype == float and results.row.tolist() == ['full', 'ar'] and results.partial.dtype == bool, results.dtypes
                events = EventAccumulator(run)
                events.Reload()
                scalars = events.Scalars('perplexity/training')
                assert len(scalars) == len(epochs), (len(scalars), len(epochs))
                assert all(abs(s.value - p) < 1e-3 * p for s, p in zip(scalars, epochs.train_ppl)), (scalars, epochs.train_ppl)
                assert len({s.step for s in scalars}) == len(scalars) and all(a.wall_time <= b.wall_time for a, b in zip(scalars, scalars[1:]))
                assert [s.value for s in events.Scalars('epoch')] == epochs.epoch.tolist()
                intervals = pandas.read_csv(other + '/intervals.csv')
                events = EventAccumulator(other)
                events.Reload()
                assert [s.step for s in events.Scalars('epoch')] == intervals.steps.tolist(), intervals.steps
                print('read', sorted(events.Tags()['scalars']))
                """
            let result = try Shell.run([try #require(Self.python), "-c", program, folder.path + "/lstm-full-seed1", folder.path + "/results.csv", folder.path + "/steps/lstm-full-seed1"])
            #expect(result.status == 0 && result.output.contains("perplexity/validation-raw"), "\(result.output)")
        }
    }
}
