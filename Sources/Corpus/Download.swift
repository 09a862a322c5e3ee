import Documents
import Foundation

/// Fetches published texts, each file from the first of several addresses that has the right bytes. Nothing is kept, or looked at, before
/// its hash is found right.
struct Download: Sendable {
    /// Base URLs of the user's, tried in this order before a text's public addresses.
    var bases: [String] = []
    /// How long an address may send nothing, in seconds.
    var patience = 20.0
    /// The most bytes that an address may send: several times the largest of the texts.
    var largestFile = 50_000_000

    /// Downloads those of the three files that `folder` lacks. A file comes into being whole and only when its hash
    /// is right.
    ///
    /// - Throws: `InputError` after the last address, with what each of them answered: `data` when there were answers and
    ///   all had wrong bytes, else `inputOutput`; `usage` when a base is no web address.
    func texts(of published: PublishedText, into folder: URL) throws -> [SplitText] {
        try published.names.all.indices.map { index in
            let file = folder.appendingPathComponent(published.names.all[index])
            let hash = published.hashes[index]
            if FileManager.default.fileExists(atPath: file.path) {
                return try SplitText(file, expectedHash: hash)
            }
            try checkBases()
            var failures: [(address: String, answer: Answer)] = []
            for address in published.addresses(ofSplit: index, bases: bases) {
                let answer = answer(of: address, hash: hash)
                if case .right(let bytes) = answer {
                    return try SplitText(writing: bytes, to: file)
                }
                failures.append((address, answer))
            }
            throw error(of: failures, file: file, published: published)
        }
    }

    /// What came of asking an address.
    private enum Answer: Sendable {
        case right([UInt8])
        case wrong(found: String, right: String)
        case status(Int)
        case none(String)

        var text: String {
            switch self {
            case .right: "the right bytes"
            case .wrong(let found, let right): "what came has the SHA-256 \(found), but \(right) is right"
            case .status(let status): "the server answered \(status)"
            case .none(let reason): "cannot be downloaded: \(reason)"
            }
        }
    }

    private func error(of failures: [(address: String, answer: Answer)], file: URL, published: PublishedText) -> InputError {
        let answers = failures.map(\.answer).filter { if case .none = $0 { false } else { true } }
        let areAllWrong = !answers.isEmpty && answers.allSatisfy { if case .wrong = $0 { true } else { false } }
        let folder = file.deletingLastPathComponent().path
        let message = """
            \(file.lastPathComponent): no address has it; nothing was kept
            \(failures.map { "\($0.address): \($0.answer.text)" }.joined(separator: "\n"))
            Name another address with --mirror, or put \(published.names.list) into \(folder).
            Without a network, 'make ablate-kjv' (--dataset kjv) makes the table on real text, the King James Bible, from Debian's \
            packages; --dataset synthetic needs no file at all.
            """
        return areAllWrong ? .data(message) : .inputOutput(message)
    }

    private func checkBases() throws {
        for base in bases {
            guard let root = URL(string: base), ["http", "https"].contains(root.scheme), root.host?.isEmpty == false else {
                throw InputError.usage("--mirror '\(base)': not a base URL; give one such as https://mirror.example.org or http://localhost:8000")
            }
            guard Transfer.isAllowed(root) else {
                throw InputError.usage("--mirror '\(base)': \(Transfer.rule); give an address that begins with https://")
            }
        }
    }

    private func answer(of address: String, hash: String) -> Answer {
        guard let url = URL(string: address) else { return .none("not a web address") }
        guard Transfer.isAllowed(url) else { return .none(Transfer.rule) }
        switch Transfer.get(url, patience: patience, limit: largestFile) {
        case .body(let bytes):
            let found = sha256(bytes)
            return found == hash ? .right(bytes) : .wrong(found: found, right: hash)
        case .status(let status): return .status(status)
        case .failure(let reason): return .none(reason)
        }
    }
}
