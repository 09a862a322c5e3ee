import ArgumentParser
import Corpus

/// Where data is found.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder that holds ptb/ and wikitext-2/. (default: $ABLATE_DATA, else ./data)", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Base URL to download from, in place of https://raw.githubusercontent.com.", valueName: "url"))
    var mirror: String?

    var library: DatasetLibrary { DatasetLibrary(dataDirectory: dataDir, mirror: mirror) }

    /// The options that lead a child process to the same data.
    var arguments: [String] {
        (dataDir.map { ["--data-dir", $0] } ?? []) + (mirror.map { ["--mirror", $0] } ?? [])
    }
}
