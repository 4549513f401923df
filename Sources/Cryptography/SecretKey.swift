private import COpenSSL

/// A secret whose bytes lie in one buffer that OpenSSL allocated, overwritten when the last owner lets go.
///
/// No Swift array or string ever holds it: it is decoded straight into the buffer and lent to OpenSSL from there. It can
/// be neither compared nor printed.
package final class SecretKey: Sendable {
    package let count: Int
    /// Where the buffer lies. Written once, before anybody shares the key; from then on it is only read.
    private let address: UInt

    private init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Bool) throws(SecretKeyError) {
        guard let start = unsafe shim_secure_malloc(count) else {
            preconditionFailure("OpenSSL could not allocate \(count) bytes")
        }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: start, count: count)
        guard unsafe fill(buffer) else {
            unsafe shim_secure_clear_free(start, count)
            throw .notBase64
        }
        self.count = count
        address = UInt(bitPattern: start)
    }

    deinit {
        unsafe shim_secure_clear_free(UnsafeMutableRawPointer(bitPattern: address), count)
    }

    /// Draws a key from OpenSSL's private random generator.
    package static func random(count: Int) -> SecretKey {
        do {
            return try unsafe SecretKey(count: count) { buffer in
                unsafe RAND_priv_bytes(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(buffer.count))
                    == 1
            }
        } catch {
            preconditionFailure("OpenSSL's random generator failed; no key may be made without it")
        }
    }

    /// Decodes standard base64 with padding (RFC 4648, section 4).
    ///
    /// - Parameter text: The caller's bytes, read once; it is the caller's to overwrite them.
    package convenience init(base64 text: Span<UInt8>) throws(SecretKeyError) {
        guard text.count >= 4, text.count % 4 == 0 else { throw .notBase64 }
        let padding = text[text.count - 1] != 0x3d ? 0 : text[text.count - 2] != 0x3d ? 1 : 2
        let count = text.count / 4 * 3 - padding
        try unsafe self.init(count: count) { buffer in
            var index = 0
            for start in stride(from: 0, to: text.count, by: 4) {
                var word: UInt32 = 0
                for offset in start..<start + 4 {
                    let isPad = text[offset] == 0x3d && offset >= text.count - padding
                    guard let value = isPad ? 0 : sixBits(text[offset]) else { return false }
                    word = word << 6 | UInt32(value)
                }
                for shift in [16, 8, 0] as [UInt32] where index < count {
                    unsafe buffer[index] = UInt8(truncatingIfNeeded: word >> shift)
                    index += 1
                }
            }
            return true
        }
    }

    /// Lends the bytes; they must not be kept.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
    }

    /// Writes the key in base64, for the file that keeps it.
    ///
    /// - Parameter write: Gets the text in a buffer of OpenSSL's that is overwritten afterwards.
    package func withBase64Text<Result>(_ write: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let size = (count + 2) / 3 * 4 + 1
        guard let text = unsafe shim_secure_malloc(size) else { preconditionFailure("OpenSSL could not allocate") }
        defer { unsafe shim_secure_clear_free(text, size) }
        let length = unsafe withUnsafeBytes { key in
            unsafe EVP_EncodeBlock(
                text.assumingMemoryBound(to: UInt8.self),
                key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                Int32(key.count)
            )
        }
        return try unsafe write(UnsafeRawBufferPointer(start: text, count: Int(length)))
    }
}

package enum SecretKeyError: Error, Equatable, CustomStringConvertible {
    case notBase64

    package var description: String { "The key is not standard base64 with padding; nothing was read." }
}

extension SecretKey: CustomStringConvertible {
    package var description: String { "SecretKey(\(count) bytes)" }
}

private func sixBits(_ character: UInt8) -> UInt8? {
    switch character {
    case 0x41...0x5a: character - 0x41
    case 0x61...0x7a: character - 0x61 + 26
    case 0x30...0x39: character - 0x30 + 52
    case 0x2b: 62
    case 0x2f: 63
    default: nil
    }
}
