import Documents
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An HTTP server on 127.0.0.1 that answers every GET from a table of paths.
public final class LoopbackServer: Sendable {
    /// `http://127.0.0.1` and the port.
    public let url: String
    /// A base URL at which nobody listens.
    public static let nowhere = "http://127.0.0.1:9"
    private let socket: Int32

    /// - Parameters:
    ///   - files: the bodies by path; any other path is answered with 404.
    ///   - cutAfter: sends so many bytes of a body only, then closes.
    ///   - stalls: does not close then, but waits for the client to give up.
    ///   - hidesLength: does not say beforehand how long a body is.
    ///   - redirections: by path, the address that a client is sent on to.
    /// - Throws: `CocoaError` when no port can be had.
    public init(
        _ files: [String: Data], cutAfter: Int? = nil, stalls: Bool = false, hidesLength: Bool = false, redirections: [String: String] = [:]
    ) throws {
        #if canImport(Glibc)
            let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let listener = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard listener >= 0, isListening else {
            throw CocoaError(.featureUnsupported)
        }
        socket = listener
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                LoopbackServer.answer(connection, files, cutAfter, stalls, hidesLength, redirections)
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    private static func answer(
        _ connection: Int32, _ files: [String: Data], _ cutAfter: Int?, _ stalls: Bool, _ hidesLength: Bool, _ redirections: [String: String]
    ) {
        let handle = FileHandle(fileDescriptor: connection, closeOnDealloc: true)
        var request = Data()
        while request.range(of: Data("\r\n\r\n".utf8)) == nil {
            let part = handle.nextBytes()
            if part.isEmpty {
                return
            }
            request += part
        }
        let path = String(decoding: request, as: UTF8.self).split(separator: " ").dropFirst().first.map(String.init) ?? ""
        if let target = redirections[path] {
            try? handle.write(contentsOf: Data("HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
            return
        }
        let status = files[path] == nil ? "404 Not Found" : "200 OK"
        let body = files[path] ?? Data("404: Not Found".utf8)
        let length = hidesLength ? "" : "Content-Length: \(body.count)\r\n"
        let head = "HTTP/1.1 \(status)\r\n\(length)Connection: close\r\n\r\n"
        try? handle.write(contentsOf: Data(head.utf8) + body.prefix(cutAfter ?? body.count))
        while stalls, !handle.nextBytes().isEmpty {}
    }
}
