private import COpenSSL

/// What HMAC-SHA-1 gives.
private let sha1ByteCount = 20

/// HMAC with SHA-1 (RFC 2104): 20 bytes.
///
/// Only for signatures that others make so; SHA-1's collisions do not touch HMAC, but nothing of ours uses it.
package func hmacSHA1(key: SecretKey, _ message: [UInt8]) -> [UInt8] {
    unsafe key.withUnsafeBytes { key in
        unsafe [UInt8](unsafeUninitializedCapacity: sha1ByteCount) { buffer, count in
            let code = unsafe EVP_Q_mac(
                nil,
                "HMAC",
                nil,
                "SHA1",
                nil,
                key.baseAddress,
                key.count,
                message,
                message.count,
                buffer.baseAddress,
                buffer.count,
                &count
            )
            precondition(unsafe code != nil && count == sha1ByteCount, "HMAC-SHA-1 has 20 bytes")
        }
    }
}
