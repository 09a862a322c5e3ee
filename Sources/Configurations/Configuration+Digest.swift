import Corpus
import Crypto
import Foundation

extension Configuration {
    /// SHA-256 of the configuration as it is written, in hexadecimal.
    public var digest: String { hexadecimal(SHA256.hash(data: Data(yaml.utf8))) }

    /// The first digits of the digest with seed 1, whatever the seed.
    public var digestBesidesSeed: String {
        var configuration = self
        configuration.seed = 1
        return String(configuration.digest.prefix(12))
    }
}
