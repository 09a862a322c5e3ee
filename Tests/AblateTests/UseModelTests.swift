import Foundation
import ProjectFolders
import Testing

@testable import ablate

/// What is done with a trained model: text from it, and figures of other text.
@Suite struct UseModelTests {
    /// Parsed in the test's own process; every message is one of the parser's, with its exit code.
    @Test(arguments: [
        (["generate", "x", "--prompt", ""], "--prompt: is empty; give words to begin with, or leave it out"),
        (["generate", "x", "--prompt", " \n"], "--prompt: is empty"),
        (["generate", "x", "--tokens", "0"], "--tokens 0: must be from 1 to 1000000"),
        (["generate", "x", "--tokens", "-5"], "--tokens -5: must be from 1 to 1000000"),
        (["generate", "x", "--temperature", "-1"], "--temperature -1.0: must be a number of at least 0"),
        (["generate", "x", "--temperature", "nan"], "--temperature nan: must be a number of at least 0"),
        (["generate", "x", "--temperature", "inf"], "--temperature inf: must be a number of at least 0"),
        (["generate", "x", "--top-k", "0"], "--top-k 0: must be at least 1; leave it out for all words"),
        (["generate", "x", "--top-k", "-3"], "--top-k -3: must be at least 1"),
        (["generate", "x", "--seed", "-1"], "--seed"),
        (["eval", "x", "--cache", "--lambda", "2"], "--lambda 2.0: must be at least 0 and less than 1"),
        (["eval", "x", "--cache", "--lambda", "1"], "--lambda 1.0: must be at least 0 and less than 1"),
        (["eval", "x", "--cache", "--lambda", "nan"], "--lambda nan: must be at least 0 and less than 1"),
        (["eval", "x", "--cache", "--theta", "nan"], "--theta nan: must be a number of at least 0"),
        (["eval", "x", "--cache", "--theta", "-1"], "--theta -1.0: must be a number of at least 0"),
        (["eval", "x", "--cache", "--window", "-5"], "--window -5: must be at least 1"),
        (["eval", "x", "--cache", "--window", "0"], "--window 0: must be at least 1"),
        (["eval", "x", "--window", "5"], "--window: needs --cache"),
        (["eval", "x", "--lambda", "0.1"], "--lambda: needs --cache"),
        (["eval", "x", "--theta", "1"], "--theta: needs --cache"),
        (["eval", "x", "--text", "y", "--split", "test"], "--text and --split: give one of them"),
        (["eval", "x", "--text", ""], "--text: is empty"),
        (["eval", "x", "--per-word", ""], "--per-word: is empty"),
    ])
    func wrongUseEndsWith64(arguments: [String], message: String) {
        do {
            _ = try Ablate.parseAsRoot(arguments)
            Issue.record("\(arguments) are taken")
        } catch {
            #expect(Ablate.exitCode(for: error).rawValue == 64)
            #expect(Ablate.fullMessage(for: error).contains(message), "\(Ablate.fullMessage(for: error))")
        }
    }

    @Test func wordsBecomeLines() {
        var words = PrintedWords("the  cat\nsees <eos>")
        for word in ["a", "<eos>", "<eos>", "b", "<eos>", "<eos>"] { words.add(word) }
        #expect(words.text == "the cat\nsees\na\n\nb")
    }

    @Test func aModelIsUsedWithoutItsCorpus() throws {
        try withTemporaryFolder { folder in
            let (text, out) = (folder.appendingPathComponent("text"), folder.path + "/out")
            let run = out + "/lstm-full-seed1"
            try writeCorpus(in: text, train: corpusText(lines: 300) + "the <unk> sees a <unk>\n")
            let made = try Program.run([
                "--profile", "smoke", "--dataset", text.path, "--epochs", "1", "--set", "fine-tuning=false", "--drop", "full", "--out", out,
            ])
            try #require(made.status == 0, "\(made.errors)")
            let plain = try Program.run(["eval", run, "--split", "test"])
            let moved = folder.appendingPathComponent("moved")
            try FileManager.default.moveItem(at: text, to: moved)

            // Text from it.
            let generate = ["generate", run, "--prompt", "the cat flies", "--temperature", "3", "--tokens", "150", "--seed"]
            let texts = try ["3", "3", "4"].map { try Program.run(generate + [$0]) }
            #expect(texts.allSatisfy { $0.status == 0 && $0.output.hasPrefix("the cat flies") && !$0.output.contains("<unk>") && !$0.output.contains("<eos>") })
            #expect(texts[0].errors == "note: 1 of 3 words of the prompt are not in the vocabulary and read as <unk>: 'flies'\n")
            #expect(texts[0].output == texts[1].output && texts[0].output != texts[2].output)
            #expect(try Program.run(generate + ["3", "--unknown"]).output.contains("<unk>"))
            let strange = try Program.run(["generate", run, "--prompt", "flies swims"])
            #expect(strange.status == 64 && strange.output == "")
            #expect(strange.errors == "Error: --prompt: the model knows none of its words; give words that are in \(run)'s vocabulary\n")

            // Any text, word by word.
            let (file, words) = (moved.path + "/test.txt", folder.path + "/words.csv")
            let measured = try Program.run(["eval", run, "--text", file, "--cache", "--window", "50", "--per-word", words])
            #expect(measured.status == 0, "\(measured.errors)")
            let figures = try #require(measured.output.split(separator: "\n").last).split(separator: " ").map(String.init)
            // The test text's own figure: it is measured in one stream there too, if the batch size is 1.
            #expect(figures.count == 5 && figures[0...2] == ["text", "420", "0"], "\(measured.output)")
            let records = try rows(of: words)
            #expect(records.count == 479 && records.first?["position"] == "2" && records.first?["word"] == "cat" && records.last?["word"] == "<eos>")
            for (column, figure) in [("log_probability", figures[3]), ("log_probability_cache", figures[4])] {
                let sum = records.reduce(0.0) { $0 + (Double($1[column] ?? "") ?? .nan) }
                #expect(abs(exp(-sum / 479) / (Double(figure) ?? .nan) - 1) < 1e-9, "\(column)")
            }
            try Data("the owl sees <unk> a house\n".utf8).write(to: folder.appendingPathComponent("other.txt"))
            let other = try Program.run(["eval", run, "--text", folder.path + "/other.txt"])
            #expect(other.status == 0 && other.output.contains("text      6        1  "), "\(other.output)")
            #expect(other.errors == "note: 1 of 6 words of the text are not in the vocabulary and read as <unk>: 'owl'\n")
            for (option, status, message) in [
                (["--text", "/nowhere"], 74, "/nowhere: there is no such file"), (["--per-word", "/nowhere/x.csv"], 74, "there is no folder /nowhere"),
                (["--per-word", folder.path], 74, "is a folder"),
            ] as [([String], Int32, String)] {
                let refused = try Program.run(["eval", run] + option)
                #expect(refused.status == status && refused.errors.contains(message) && refused.output == "", "\(refused.errors)")
            }

            // With the corpus again: the plain figure is the same to the last digit.
            try FileManager.default.moveItem(at: moved, to: text)
            let both = try Program.run(["eval", run, "--split", "test", "--cache", "--dynamic"])
            #expect(both.status == 0 && both.output.contains("dynamic: rate "), "\(both.errors)")
            func figure(_ output: String) -> Substring? { output.split(separator: "\n").dropFirst(2).first?.split(separator: " ")[1] }
            #expect(figure(both.output) != nil && figure(both.output) == figure(plain.output), "\(both.output)")
            try checkVocabularies(run, folder: folder, dataset: text.path)
        }
    }

    private func checkVocabularies(_ run: String, folder: URL, dataset: String) throws {
        let vocabulary = URL(fileURLWithPath: run + "/vocabulary.txt")
        let words = try String(contentsOf: vocabulary, encoding: .utf8)
        #expect(words.split(separator: "\n").count == 12)
        let both = try Program.run(["eval", run, "--text", dataset + "/test.txt", "--dataset", dataset])
        #expect(both.status == 64 && both.errors.contains("--text and --dataset: give one of them"), "\(both.errors)")
        let needless = try Program.run(["generate", run, "--dataset", dataset])
        #expect(needless.status == 64 && needless.output.isEmpty && needless.errors.contains("--dataset: \(run) has its words; leave the option out"))
        let blank = try Program.run(["generate", run, "--prompt", "\u{feff}"])
        #expect(blank.status == 64 && blank.errors.contains("--prompt: has no words"), "\(blank.errors)")
        try Data(words.replacingOccurrences(of: "cat\n", with: "cow\n").utf8).write(to: vocabulary)
        for command in [["generate", run], ["verify", run]] {
            let altered = try Program.run(command)
            #expect(altered.status == 65 && (altered.output + altered.errors).contains("vocabulary.txt"), "\(altered.errors)")
        }
        // As in folders of earlier versions.
        try FileManager.default.removeItem(at: vocabulary)
        let missing = try Program.run(["generate", run])
        #expect(missing.status == 74 && missing.errors.contains("vocabulary.txt: missing vocabulary: runs of earlier versions have no such file"))
        #expect(missing.errors.contains("--dataset (\(dataset))"), "\(missing.errors)")
        #expect(try Program.run(["generate", run, "--dataset", dataset]).status == 0)
        #expect(try Program.run(["eval", run, "--text", dataset + "/test.txt"]).status == 0)
    }
}
