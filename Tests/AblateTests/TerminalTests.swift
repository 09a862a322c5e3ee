import Foundation
import ProjectFolders
import Testing

/// What the built program prints on terminals of several kinds and widths.
@Suite(.enabled(if: PseudoTerminal.isThere, "needs script of util-linux and stty"))
struct TerminalTests {
    private static let smoke = ["--profile", "smoke", "--dataset", "synthetic", "--epochs", "2", "--drop", "weight-dropping", "--jobs", "1"]
    private static let fixture = "Tests/AblateTests/Fixtures/report/results.csv"

    @Test func onlyATerminalThatCanDrawOverGetsEscapeSequences() throws {
        try withTemporaryFolder { folder in
            for (index, kind) in ["dumb", "", nil, "xterm"].enumerated() {
                let (status, text) = try PseudoTerminal.run(Self.smoke + ["--out", "\(folder.path)/\(index)"], columns: 200, kind: kind)
                #expect(status == 0, "\(text)")
                #expect(text.contains("\u{1B}") == (kind == "xterm"), "\(kind ?? "unset"): \(text.debugDescription)")
                let isALineAnEpoch = text.contains("\nlstm-full-seed1: epoch 1 (main), ") && text.contains("\nlstm-weight-dropping-seed1: epoch 2 (")
                #expect(isALineAnEpoch == (kind != "xterm"))
                #expect(text.contains("lstm-full-seed1: done, validation ") && text.contains("synthetic, smoke, LSTM\n"))
            }
        }
    }

    @Test(arguments: ["xterm", "dumb"])
    func fortyColumnsShowWholeLinesWhileRunsGoOn(kind: String) throws {
        try withTemporaryFolder { folder in
            let (status, text) = try PseudoTerminal.run(Self.smoke + ["--out", "out", "--configs", projectRoot.path], columns: 40, kind: kind, in: folder)
            #expect(status == 0, "\(text)")
            let lines = text.replacingOccurrences(of: "\u{1B}[K", with: "").split(whereSeparator: { $0 == "\r" || $0 == "\n" })
            #expect(lines.allSatisfy { $0.count <= 40 || !$0.trimmingCharacters(in: .whitespaces).contains(" ") }, "\(lines)")
            if kind == "xterm" {
                let drawn = lines.filter { $0.contains("left |") }
                #expect(!drawn.isEmpty && drawn.allSatisfy { $0.wholeMatch(of: /[01]\/2 done, \d+ s left \| [a-z-]+ (starting|\d\/\d( ppl \d+\.\d)?)/) != nil }, "\(drawn)")
            }
            let words = lines.map { $0.split(separator: " ").joined(separator: " ") }
            #expect(words.contains { $0.hasPrefix("row ") && $0.contains(" valid Δ valid") }, "\(lines)")
        }
    }

    @Test(arguments: [20, 40, 80, 300])
    func noLineIsLongerThanTheTerminal(columns: Int) throws {
        let commands = [
            ["rows"], ["info", "--dataset", "synthetic"], ["--explain"], ["report", Self.fixture], ["report", "Ablations/measured/wt2-quick-7c6664a"],
            ["--help"], ["run", "--help"], ["--drop", "nothing"],
        ]
        let slow = [
            ["--dry-run", "--profile", "smoke", "--dataset", "synthetic"],
            ["bench", "--size", "quick", "--windows", "1", "--vocabulary", "50", "--set", "hidden-size=12", "--set", "embedding-size=8"],
        ]
        for command in commands + (columns == 40 ? slow : []) {
            let (_, text) = try PseudoTerminal.run(command, columns: columns)
            let tooLong = text.split(separator: "\n").filter { $0.count > columns && $0.trimmingCharacters(in: .whitespaces).contains(" ") }
            #expect(tooLong.isEmpty && !text.isEmpty, "\(command) at \(columns): \(tooLong)")
            #expect(!text.contains("Fatal"), "\(command) at \(columns)")
        }
    }

    @Test func aWideTerminalShowsWhatAFileHolds() throws {
        for command in [["rows"], ["report", Self.fixture], ["--explain"]] {
            #expect(try PseudoTerminal.run(command, columns: 300).text == Program.run(command).output)
        }
    }

    @Test func oneSeedAtFortyColumnsShowsRowFigureAndDifference() throws {
        let (_, text) = try PseudoTerminal.run(["report", "Ablations/measured/wt2-quick-7c6664a"], columns: 40)
        #expect(text.contains("\nvariable-length-bptt  1  159.17     5.78\n") && text.contains("\nLeft out, as the terminal is narrow:\n"), "\(text)")
    }
}
