import Crypto
import Foundation

/// SHA-256 in the lower-case hexadecimal form of `sha256sum`.
package func sha256(_ bytes: some DataProtocol) -> String {
    hexadecimal(SHA256.hash(data: bytes))
}

package func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
}
