import Documents
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
    private let memory: (@Sendable () -> MemoryRoom)?

    /// The memory that a process may still take.
    public struct MemoryRoom: Sendable {
        let bytes: Int
        let limit: String

        /// - Parameter limit: what leaves no more.
        public init(bytes: Int, limit: String) {
            self.bytes = bytes
            self.limit = limit
        }
    }

    /// Of a byte of text: a token of 4 bytes for each five of them, room for a list that grows, and words.
    private static let memoryPerByte = 1.5

    /// - Parameters:
    ///   - dataDirectory: the folder that holds `ptb/`, `wikitext-2/` and `kjv/`, searched first.
    ///   - mirrors: base URLs that take the place of `https://raw.githubusercontent.com`, tried in this order before the public
    ///     addresses.
    ///   - memory: asked before a folder's text is read; one that needs more is refused. Nil for no bound.
    public init(dataDirectory: String? = nil, mirrors: [String] = [], memory: (@Sendable () -> MemoryRoom)? = nil) {
        self.init(dataDirectory: dataDirectory, mirrors: mirrors, environment: ProcessInfo.processInfo.environment, memory: memory)
    }

    package init(
        dataDirectory: String? = nil, mirrors: [String] = [], environment: [String: String], memory: (@Sendable () -> MemoryRoom)? = nil
    ) {
        self.memory = memory
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

    /// Reads any text file with the words of a vocabulary.
    ///
    /// - Throws: `InputError`: `inputOutput` when it is no file or cannot be read, `data` when it is not text, `memory` when it would not fit.
    public func text(_ path: String, readWith vocabulary: Vocabulary) throws -> ReadText {
        let file = URL(fileURLWithPath: path)
        try checkMemory(for: [file])
        return try ReadText(SplitText(file), vocabulary: vocabulary)
    }

    private func read(_ dataset: Dataset) throws -> Corpus {
        if case .folder(let path) = dataset { try checkMemory(for: SplitFiles(inFolder: path).all) }
        return try Corpus(name: dataset.name, texts: texts(of: dataset))
    }

    private func checkMemory(for files: [URL]) throws {
        guard let room = memory?() else { return }
        let sizes = files.map(\.fileSize)
        let total = sizes.reduce(0.0) { $0 + Double($1) }
        let needed = Int(exactly: (total * Self.memoryPerByte).rounded(.up)) ?? .max
        guard needed > room.bytes, let largest = zip(files, sizes).max(by: { $0.1 < $1.1 }) else { return }
        throw InputError.memory(
            """
            \(largest.0.path): the text would take about \(needed.bytesText) of memory, and there are \(room.bytes.bytesText) \
            (\(room.limit)); the file has \(largest.1.bytesText): give a shorter one
            """)
    }

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
