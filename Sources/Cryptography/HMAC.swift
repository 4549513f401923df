/// HMAC with SHA-256 (RFC 2104) of the parts one after another: 32 bytes.
///
/// Only for one part, or for parts whose lengths are fixed; `["ab", "c"]` and `["a", "bc"]` give the same code.
package func hmacSHA256(key: SecretKey, parts: [[UInt8]]) -> [UInt8] {
    key.authenticate { context in
        for part in parts { context.update(part) }
    }
}

/// HMAC with SHA-256 of the parts, each preceded by its length in bytes (8 bytes, big endian): 32 bytes.
///
/// No other list of parts gives the same code, wherever their boundaries lie.
package func hmacSHA256(key: SecretKey, framed parts: [[UInt8]]) -> [UInt8] {
    var message: [UInt8] = []
    message.reserveCapacity(parts.reduce(0) { $0 + 8 + $1.count })
    for part in parts {
        let length = UInt64(part.count)
        for shift in stride(from: 56, through: 0, by: -8) { message.append(UInt8(truncatingIfNeeded: length >> shift)) }
        message += part
    }
    return key.authenticate { $0.update(message) }
}
