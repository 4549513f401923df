private import COpenSSL

/// What SHA-256 and HMAC-SHA-256 give.
let sha256ByteCount = 32

/// Found once, for it is looked up for longer than a line is hashed.
///
/// Any thread may use it: what a call takes as `const` it does not change, and objects are safe with such calls
/// (openssl-threads(7): "Objects are thread-safe as long as the API's being invoked don't modify the object").
nonisolated(unsafe) private let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil)

/// SHA-256 of the bytes (FIPS 180-4): 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: sha256ByteCount) { buffer, count in
        var written: CUnsignedInt = 0
        let digested = unsafe EVP_Digest(bytes, bytes.count, buffer.baseAddress, &written, algorithm, nil)
        precondition(digested == 1 && written == sha256ByteCount, "OpenSSL has SHA-256")
        count = Int(written)
    }
}
