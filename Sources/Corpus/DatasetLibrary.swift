import Foundation

/// Where data is found and fetched.
///
/// Penn Treebank, WikiText-2 and the King James Bible are looked for in the folder given, in `$ABLATE_DATA` and in `./data`,
/// in this order. What none of them has is downloaded, or made by the program `bible`, into the first of these that is set.
public struct DatasetLibrary: Sendable {
    /// Searched in this order; the first one receives downloads.
    private let dataFolders: [URL]
    private let download: Download
    private let bible: BibleProgram

    /// - Parameters:
    ///   - dataDirectory: the folder that holds `ptb/`, `wikitext-2/` and `kjv/`, searched first.
    ///   - mirrors: base URLs that take the place of `https://raw.githubusercontent.com`, tried in this order before the public
    ///     addresses.
    public init(dataDirectory: String? = nil, mirrors: [String] = []) {
        self.init(dataDirectory: dataDirectory, mirrors: mirrors, environment: ProcessInfo.processInfo.environment)
    }

    package init(dataDirectory: String? = nil, mirrors: [String] = [], environment: [String: String]) {
        let paths = [dataDirectory, environment["ABLATE_DATA"], "data"]
        dataFolders = paths.compactMap { $0 }.filter { !$0.isEmpty }.map { URL(fileURLWithPath: $0, isDirectory: true) }
        download = Download(bases: mirrors)
        bible = BibleProgram(searchPath: environment["PATH"] ?? "")
    }

    /// Reads a dataset, after fetching it where it is missing.
    ///
    /// - Parameter trainingTokens: how many training tokens to use, from the beginning; 0 for all. With a part, that
    ///   part's types and `<unk>` are the vocabulary.
    /// - Throws: `InputError`.
    public func load(_ dataset: Dataset, trainingTokens: Int = 0) throws -> Corpus {
        let corpus = dataset == .synthetic ? SyntheticSource().corpus() : try read(dataset)
        return try corpus.usingTrainingTokens(trainingTokens)
    }

    /// Makes sure that a dataset's files are there and as they should be, and downloads or makes what is missing.
    ///
    /// - Returns: the files in the order train, valid, test; none for the synthetic corpus.
    /// - Throws: `InputError`.
    public func fetch(_ dataset: Dataset) throws -> [URL] {
        dataset == .synthetic ? [] : try texts(of: dataset).map(\.url)
    }

    /// Makes sure that a folder is there and holds the three splits; reads and fetches nothing.
    ///
    /// - Throws: `InputError` (`data`).
    public func checkFolder(of dataset: Dataset) throws {
        if case .folder(let path) = dataset { _ = try SplitFiles(inFolder: path) }
    }

    private func read(_ dataset: Dataset) throws -> Corpus { Corpus(name: dataset.name, texts: try texts(of: dataset)) }

    /// The texts in the order train, valid, test, verified where their bytes are known.
    private func texts(of dataset: Dataset) throws -> [SplitText] {
        switch dataset {
        case .ptb: try texts(of: .pennTreebank, orElse: download.texts)
        case .wt2: try texts(of: .wikiText2, orElse: download.texts)
        case .kjv: try texts(of: .kingJamesBible, orElse: bible.texts)
        case .synthetic: []
        case .folder(let path): try SplitFiles(inFolder: path).all.map { try SplitText($0) }
        }
    }

    private func texts(
        of published: PublishedText, orElse make: (PublishedText, URL) throws -> [SplitText]
    ) throws -> [SplitText] {
        for folder in dataFolders {
            if let files = published.files(inDataFolder: folder) {
                return try zip(files.all, published.hashes).map { try SplitText($0, expectedHash: $1) }
            }
        }
        return try make(published, dataFolders[0].appendingPathComponent(published.folderName))
    }
}
