private import COpenSSL

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) of a message: 32 bytes.
package func hmacSHA256(key: SecretKey, _ message: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    let done = unsafe key.withUnsafeBytes { key in
        unsafe HMAC(EVP_sha256(), key.baseAddress, Int32(key.count), message, message.count, &output, &count) != nil
    }
    guard done, count == 32 else { preconditionFailure("OpenSSL has SHA-256 and HMAC") }
    return output
}

/// HMAC-SHA-256 over parts, each preceded by its length as 8 bytes, big endian, so that no boundary can be moved.
package func hmacSHA256(key: SecretKey, framed parts: [[UInt8]]) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity(parts.reduce(0) { $0 + $1.count + 8 })
    for part in parts {
        for shift in stride(from: 56, through: 0, by: -8) {
            message.append(UInt8(truncatingIfNeeded: UInt64(part.count) >> UInt64(shift)))
        }
        message += part
    }
    return hmacSHA256(key: key, message)
}

/// SHA-256 (FIPS 180-4): 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    guard unsafe EVP_Digest(bytes, bytes.count, &output, nil, EVP_sha256(), nil) == 1 else {
        preconditionFailure("OpenSSL has SHA-256")
    }
    return output
}

/// Whether two texts are equal, in a time that depends on their lengths alone (CRYPTO_memcmp).
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe CRYPTO_memcmp(left, right, left.count) == 0
}

/// Bytes from OpenSSL's random generator.
package func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else {
        preconditionFailure("OpenSSL's random generator failed; nothing may go on without it")
    }
    return bytes
}
