import ArgumentParser
import Corpus
import Runs

/// Where data is found.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder that holds ptb/, wikitext-2/ and kjv/. (default: $ABLATE_DATA, else ./data)", valueName: "dir"))
    var dataDir: String?

    @Option(
        name: .customLong("mirror"),
        help: ArgumentHelp(
            "Base URL to download from, in place of https://raw.githubusercontent.com; tried before the known mirrors. (repeatable)",
            valueName: "url"))
    var mirrors: [String] = []

    var library: DatasetLibrary { DatasetLibrary(dataDirectory: dataDir, mirrors: mirrors) { .ofThisProcess() } }

    /// The options that lead a child process to the same data.
    var arguments: [String] {
        (dataDir.map { ["--data-dir", $0] } ?? []) + mirrors.flatMap { ["--mirror", $0] }
    }
}
