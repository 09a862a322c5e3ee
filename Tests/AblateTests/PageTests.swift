import Foundation
import ProjectFolders
import Testing

/// `ablate report` with pictures, and what others can read of a run's files.
@Suite struct PageTests {
    private static let results = projectRoot.appendingPathComponent("Tests/AblateTests/Fixtures/report/results.csv").path
    static let hasGnuplot = (try? Shell.run(["gnuplot", "--version"]))?.status == 0
    static let gnuplotIsNeeded: Comment = "needs gnuplot; make deps-pictures"
    /// One with TensorBoard and pandas.
    static let python = [ProcessInfo.processInfo.environment["READER_PYTHON"], ProcessInfo.processInfo.environment["PEER_PYTHON"], "python3"]
        .compactMap { $0 }.first { (try? Shell.run([$0, "-c", "import importlib.util as u; raise SystemExit(not (u.find_spec('tensorboard') and u.find_spec('pandas')))"]))?.status == 0 }
    static let pythonIsNeeded: Comment = "needs a Python with tensorboard and pandas; READER_PYTHON names one"

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
        (["--format", "text", "--out", "x"], 64, "--out: goes with --format html, svg or pdf"), (["--format", "html", "--out", ""], 64, "--out: must name"),
        (["--format", "html", "--out", "/dev/null/x"], 74, "/dev/null/x: cannot be written"),
        (["--format", "svg", "--out", "/dev/null/x"], 74, "/dev/null/x: cannot be made"),
    ])
    func wrongUseIsNamed(arguments: [String], status: Int, message: String) throws {
        let result = try Program.run(["report", Self.results] + arguments)
        // Without gnuplot that is what is told first.
        if status == 74, !Self.hasGnuplot { return }
        #expect(result.status == status && result.errors.contains(message), "\(result.errors)")
    }

    @Test(.enabled(if: hasGnuplot, gnuplotIsNeeded))
    func emptyAndDamagedFoldersAndOneRowAloneAreNamed() throws {
        try withTemporaryFolder { folder in
            let empty = try Program.run(["report", folder.path, "--format", "html"])
            #expect(empty.status == 74 && empty.errors.contains("holds no finished run"))
            let lines = try String(contentsOfFile: Self.results, encoding: .utf8).components(separatedBy: "\n")
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
            try train(into: folder)
            let states = folder.appendingPathComponent("lstm-ar-seed1")
            let curve = try rows(of: states.path + "/epochs.csv")
            func page() throws -> String {
                let result = try Program.run(["report", folder.path, "--format", "html"])
                #expect(result.status == 0 && result.output == folder.path + "/report.html\n", "\(result.errors)")
                return try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
            }
            let first = try page()
            for outside in ["http://", "https://", "<script", "@import", "<link"] { #expect(!first.contains(outside), "\(outside)") }
            for figure in curve.compactMap({ $0["train_ppl"].flatMap(Double.init) }) { #expect(first.contains(String(format: "<td>%.2f</td>", figure))) }
            #expect(first.contains("<td class=\"words\">ar: 2 → 0</td>") || first.contains("ar: "))
            #expect(first.contains("What all runs have in common") && first.contains("from the validation text alone"))
            #expect(first.components(separatedBy: "<img ").count == 4 && first.matches(of: /<img [^>]*alt="[^"]{40,}"/).count == 3)

            // A run that was stopped, and one whose file is damaged.
            try FileManager.default.removeItem(at: states.appendingPathComponent("result.csv"))
            #expect(try page().contains("not finished"))
            let file = states.appendingPathComponent("epochs.csv")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacingOccurrences(of: "\n2,main", with: "\ntwo,main").utf8).write(to: file)
            let damaged = try Program.run(["report", folder.path, "--format", "html"])
            #expect(damaged.status == 65 && damaged.errors.contains("epochs.csv:3: epoch: 'two' is not readable"), "\(damaged.errors)")
        }
    }

    @Test(.enabled(if: python != nil, pythonIsNeeded))
    func tensorBoardAndPandasReadWhatIsWritten() throws {
        try withTemporaryFolder { folder in
            try train(into: folder, ["--tensorboard"])
            let program = """
                import sys, pandas
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                run, table = sys.argv[1:]
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
                print('read', sorted(events.Tags()['scalars']))
                """
            let result = try Shell.run([try #require(Self.python), "-c", program, folder.path + "/lstm-full-seed1", folder.path + "/results.csv"])
            #expect(result.status == 0 && result.output.contains("perplexity/validation-raw"), "\(result.output)")
        }
    }
}
