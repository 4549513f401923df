private import COpenSSL

/// What SHA-256 and HMAC-SHA-256 give.
let sha256ByteCount = 32

/// SHA-256 of the bytes (FIPS 180-4): 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: sha256ByteCount) { buffer, count in
        let digested = unsafe EVP_Q_digest(nil, "SHA256", nil, bytes, bytes.count, buffer.baseAddress, &count)
        precondition(digested == 1 && count == sha256ByteCount, "OpenSSL has SHA-256")
    }
}
