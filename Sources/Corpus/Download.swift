import Documents
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Fetches published texts.
struct Download: Sendable {
    /// The URL before each text's path.
    let base: String

    /// Downloads those of the three files that `folder` lacks. A file comes into being whole and only when its hash
    /// is right.
    func texts(of published: PublishedText, into folder: URL) throws -> [SplitText] {
        try published.names.all.indices.map { index in
            let file = folder.appendingPathComponent(published.names.all[index])
            let hash = published.hashes[index]
            if FileManager.default.fileExists(atPath: file.path) {
                return try SplitText(file, expectedHash: hash)
            }
            let address = "\(base.hasSuffix("/") ? String(base.dropLast()) : base)/\(published.paths[index])"
            let advice =
                "put \(published.names.list) into \(folder.path), or use --dataset synthetic, which needs no file"
            let bytes = try bytes(at: address, advice: advice)
            let found = sha256(bytes)
            guard found == hash else {
                throw InputError.data(
                    "\(address): what came has the SHA-256 \(found), but \(hash) is right; nothing was kept; \(advice)")
            }
            try write(bytes, to: file)
            return try SplitText(file, bytes: bytes)
        }
    }

    private func bytes(at address: String, advice: String) throws -> [UInt8] {
        guard let root = URL(string: base), ["http", "https"].contains(root.scheme), root.host?.isEmpty == false,
            let url = URL(string: address)
        else {
            throw InputError.inputOutput("\(base): not a base URL; give a mirror such as http://localhost:8000")
        }
        let answer = Answer()
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        session.dataTask(with: url) { data, response, error in
            let status = (response as? HTTPURLResponse)?.statusCode
            switch (data, status) {
            case (let data?, 200) where error == nil: answer.give(.success(Array(data)))
            case (_, let status?) where error == nil:
                answer.give(.failure(.inputOutput("\(address): the server answered \(status); \(advice)")))
            default:
                let reason = error?.localizedDescription ?? "no answer"
                answer.give(.failure(.inputOutput("\(address): cannot be downloaded: \(reason); \(advice)")))
            }
        }.resume()
        return try answer.wait()
    }

    private func write(_ bytes: [UInt8], to file: URL) throws {
        do {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            // Atomic: a temporary file beside it, then renamed.
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            throw InputError.inputOutput(
                "\(file.path): cannot be written: \(error.localizedDescription); choose another folder with --data-dir")
        }
    }
}

/// What a download came to, handed from the session's thread to the one that waits.
///
/// Unchecked: the value is written before the semaphore is signalled and read after it was waited for.
private final class Answer: @unchecked Sendable {
    private let arrived = DispatchSemaphore(value: 0)
    private var result = Result<[UInt8], InputError>.failure(.inputOutput("no answer"))

    func give(_ result: Result<[UInt8], InputError>) {
        self.result = result
        arrived.signal()
    }

    func wait() throws -> [UInt8] {
        arrived.wait()
        return try result.get()
    }
}
