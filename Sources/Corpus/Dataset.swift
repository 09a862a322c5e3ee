import Foundation

/// A choice of text.
public enum Dataset: Sendable, Equatable {
    /// Penn Treebank.
    case ptb
    /// WikiText-2.
    case wt2
    /// The King James Bible, which Debian's packages `bible-kjv` and `bible-kjv-text` hold.
    case kjv
    /// The built-in stochastic source, which needs no file.
    case synthetic
    /// Any folder with train, valid and test text; the path as given.
    case folder(String)

    /// Those that have a name of their own.
    public static let known: [Dataset] = [.ptb, .wt2, .kjv, .synthetic]

    /// The names of those known, for a sentence that ends in "or a folder".
    public static let list = known.map(\.name).joined(separator: ", ")

    /// Reads the name of one of those known, exactly; anything else is the path of a folder.
    public init(argument: String) {
        self = Self.known.first { $0.name == argument } ?? .folder(argument)
    }

    /// The name of one of those known, or the last component of the folder's path. A folder of a known name gets `-folder`
    /// after it, lest its text be taken for the published one.
    public var name: String {
        switch self {
        case .ptb: "ptb"
        case .wt2: "wt2"
        case .kjv: "kjv"
        case .synthetic: "synthetic"
        case .folder(let path):
            switch URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent {
            case let name where Dataset(argument: name) != .folder(name): "\(name)-folder"
            case let name: name
            }
        }
    }

    /// Words and training tokens of a corpus whose bytes are known; nil for any other text.
    public var publishedSize: (vocabulary: Int, trainingTokens: Int)? {
        switch self {
        case .ptb: (10_000, 929_589)
        case .wt2: (33_278, 2_088_628)
        case .kjv: (12_564, 849_991)
        case .synthetic, .folder: nil
        }
    }
}
