import Foundation

#if canImport(Glibc)
    import Glibc
    private let readBytes = Glibc.read
#else
    import Darwin
    private let readBytes = Darwin.read
#endif

extension FileHandle {
    /// What comes next, as soon as there is some; empty at the end, and where reading fails.
    ///
    /// Foundation's `availableData` ends the program where reading fails, as from a terminal that is gone or a broken connection.
    public func nextBytes() -> Data {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = readBytes(fileDescriptor, &bytes, bytes.count)
            if count >= 0 { return Data(bytes.prefix(count)) }
            guard errno == EINTR else { return Data() }
        }
    }

    /// All that comes until the end, or until reading fails.
    public func allBytes() -> Data {
        var all = Data()
        while case let bytes = nextBytes(), !bytes.isEmpty { all += bytes }
        return all
    }
}
