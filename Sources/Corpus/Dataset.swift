import Foundation

/// A choice of text.
public enum Dataset: Sendable, Equatable {
    /// Penn Treebank.
    case ptb
    /// WikiText-2.
    case wt2
    /// The built-in stochastic source, which needs no file.
    case synthetic
    /// Any folder with train, valid and test text; the path as given.
    case folder(String)

    /// Reads `ptb`, `wt2` or `synthetic`; anything else is the path of a folder.
    public init(argument: String) {
        switch argument {
        case "ptb": self = .ptb
        case "wt2": self = .wt2
        case "synthetic": self = .synthetic
        default: self = .folder(argument)
        }
    }

    /// `ptb`, `wt2`, `synthetic`, or the last component of the folder's path. A folder of that name gets `-folder` after
    /// it, lest its text be taken for the published one.
    public var name: String {
        switch self {
        case .ptb: "ptb"
        case .wt2: "wt2"
        case .synthetic: "synthetic"
        case .folder(let path):
            switch URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent {
            case let name where Dataset(argument: name) != .folder(name): "\(name)-folder"
            case let name: name
            }
        }
    }

    /// Words and training tokens of a published corpus, whose bytes are known; nil for any other text.
    public var publishedSize: (vocabulary: Int, trainingTokens: Int)? {
        switch self {
        case .ptb: (10_000, 929_589)
        case .wt2: (33_278, 2_088_628)
        case .synthetic, .folder: nil
        }
    }
}
