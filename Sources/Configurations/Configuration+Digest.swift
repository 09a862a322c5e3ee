import Corpus
import Foundation

extension Configuration {
    /// SHA-256 of the configuration as it is written, in hexadecimal. Keys that were added later count only where their value is another
    /// than files without them mean, so that configurations of one meaning have one digest, whenever they were written.
    public var digest: String {
        let keys = ConfigurationKey.all.filter { $0.earlierValue != $0.text(in: self) }
        return sha256(Data(yaml(of: keys).utf8))
    }

    /// The first digits of the digest with seed 1, whatever the seed.
    public var digestBesidesSeed: String {
        var configuration = self
        configuration.seed = 1
        return String(configuration.digest.prefix(12))
    }
}
