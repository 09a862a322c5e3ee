import Documents
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One file from one address: over TLS, and no more bytes than allowed.
///
/// Unchecked: the session calls its delegate on one queue, and what has come is handed over by the semaphore.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    /// What an address sent.
    enum Outcome {
        case body([UInt8])
        /// Another HTTP status than 200.
        case status(Int)
        /// Why nothing came.
        case failure(String)
    }

    /// What ``isAllowed(_:)`` asks, in words.
    static let rule = "not over TLS (https), without which only this machine itself (localhost, 127.0.0.1) is asked"

    private let limit: Int
    private let ended = DispatchSemaphore(value: 0)
    private var status: Int?
    private var bytes: [UInt8] = []
    private var reason: String?

    private init(limit: Int) { self.limit = limit }

    /// Whether an address may be asked: over TLS or, without it, this machine only, where nothing crosses a network.
    static func isAllowed(_ url: URL) -> Bool {
        switch url.scheme?.lowercased() {
        case "https": true
        case "http": ["localhost", "127.0.0.1", "::1", "[::1]"].contains(url.host?.lowercased())
        default: false
        }
    }

    /// Asks an address, which must be allowed, and waits for what comes. Redirections to addresses that are not allowed are not followed.
    ///
    /// - Parameters:
    ///   - patience: how long it may send nothing, in seconds.
    ///   - limit: the most bytes that are taken.
    static func get(_ url: URL, patience: Double, limit: Int) -> Outcome {
        let transfer = Transfer(limit: limit)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = patience
        let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        session.dataTask(with: url).resume()
        transfer.ended.wait()
        if let reason = transfer.reason { return .failure(reason) }
        guard let status = transfer.status else { return .failure("no answer") }
        return status == 200 ? .body(transfer.bytes) : .status(status)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        if let url = request.url, Self.isAllowed(url) { return completionHandler(request) }
        reason = "it leads to \(request.url?.absoluteString ?? "nowhere"), which is \(Self.rule)"
        // Cancelling the task here would end the program: the library does not expect it in the middle of a redirection.
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        status = (response as? HTTPURLResponse)?.statusCode
        completionHandler(.allow)
        if response.expectedContentLength > Int64(limit) { refuseSize(dataTask) }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard reason == nil else { return }
        guard data.count <= limit - bytes.count else { return refuseSize(dataTask) }
        bytes += data
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        reason = reason ?? error?.localizedDescription
        ended.signal()
    }

    private func refuseSize(_ task: URLSessionTask) {
        reason = reason ?? "it sends more than \(limit.bytesText), the most that is taken"
        task.cancel()
    }
}
