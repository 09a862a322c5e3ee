import Foundation

extension Int {
    /// A number of bytes in words, with the decimal units that vendors use: `820 MB`, `1.3 GB`.
    public var bytesText: String {
        let value = Double(self)
        return switch value {
        case ..<1e3: "\(self) bytes"
        case ..<999.5e3: String(format: "%.0f kB", value / 1e3)
        case ..<999.5e6: String(format: "%.0f MB", value / 1e6)
        case ..<999.95e9: String(format: "%.1f GB", value / 1e9)
        default: String(format: "%.1f TB", value / 1e12)
        }
    }
}
