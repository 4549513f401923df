private import COpenSSL
private import Synchronization

/// A secret whose bytes never lie in a Swift array or string.
///
/// They stand in one buffer of OpenSSL, which is overwritten and freed with the last reference. Keys cannot be
/// compared, and their description tells only their length. A key never changes.
package final class SecretKey: Sendable {
    private let memory: KeyMemory
    private let hmac = Mutex<HMACContext?>(nil)

    private init(_ memory: consuming KeyMemory) {
        self.memory = memory
    }

    /// The number of bytes.
    package var count: Int { memory.count }

    /// Draws a key from OpenSSL's random generator for private values.
    package static func random(count: Int = 32) -> SecretKey {
        unsafe SecretKey(KeyMemory(count: count) { unsafe fillWithPrivateRandomBytes($0) })
    }

    /// Copies a secret that is not empty; the original is the caller's to overwrite.
    package convenience init(copying bytes: Span<UInt8>) {
        self.init(
            unsafe KeyMemory(count: bytes.count) { memory in
                unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
            }
        )
    }

    /// Decodes base64 with its padding (RFC 4648, section 4) straight into the key's memory.
    ///
    /// - Parameters:
    ///   - text: The text and nothing around it, which is the caller's to overwrite.
    ///   - counts: How many bytes the decoded key may have.
    /// - Throws: ``SecretKeyError/notBase64`` or ``SecretKeyError/wrongCount(_:allowed:)``; no key was made.
    package convenience init(
        base64 text: Span<UInt8>,
        counts: ClosedRange<Int> = 1...65_536
    ) throws(SecretKeyError) {
        let memory = try unsafe text.withUnsafeBytes { (text) throws(SecretKeyError) in
            try unsafe KeyMemory(base64: text, counts: counts)
        }
        self.init(memory)
    }

    /// Reads base64 up to the end of a file descriptor, which stays open, and decodes it.
    ///
    /// The text, 4096 bytes at most and with white space around it if it likes, is held in memory that is overwritten
    /// before this returns. Blocks as long as the descriptor does.
    ///
    /// - Parameters:
    ///   - descriptor: An open file, pipe or socket.
    ///   - counts: How many bytes the decoded key may have.
    /// - Throws: ``SecretKeyError``; no key was made, and the descriptor was read as far as it went.
    package convenience init(
        base64From descriptor: CInt,
        counts: ClosedRange<Int> = 32...32
    ) throws(SecretKeyError) {
        self.init(try KeyMemory(base64From: descriptor, counts: counts))
    }

    /// Makes a key of that many bytes, which the closure writes.
    init<Failure: Error>(
        count: Int,
        filledBy fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        memory = try unsafe KeyMemory(count: count, filledBy: fill)
    }

    /// Derives a key for one purpose, which tells nothing about this key or about keys for other purposes.
    ///
    /// HKDF with SHA-256 (RFC 5869).
    ///
    /// - Parameters:
    ///   - info: What the derived key is for.
    ///   - salt: A value that need not be secret; without one a string of zeros.
    ///   - count: The bytes of the derived key, 1 to 8160.
    /// - Returns: The same key for the same purpose, salt and count.
    package func derive(info: [UInt8], salt: [UInt8] = [], count: Int = 32) -> SecretKey {
        precondition((1...8160).contains(count), "HKDF gives at most 255 times 32 bytes")
        return SecretKey(memory.derive(info: info, salt: salt, count: count))
    }

    /// Derives a key for the purpose that the text names.
    package func derive(info: String, salt: [UInt8] = [], count: Int = 32) -> SecretKey {
        derive(info: Array(info.utf8), salt: salt, count: count)
    }

    /// Lends the bytes for the time of the call; they must not be copied out.
    package func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe memory.withUnsafeBytes { (bytes) throws(Failure) in try unsafe body(bytes.span) }
    }

    /// HMAC-SHA-256 of what the closure feeds.
    func authenticate(_ feed: (inout HMACContext) -> Void) -> [UInt8] {
        hmac.withLock { cached in
            var context = cached.take() ?? HMACContext(key: memory)
            context.start()
            feed(&context)
            let code = context.finish()
            cached = consume context
            return code
        }
    }

    /// Lends the bytes to OpenSSL for the time of the call.
    func withUnsafeBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        unsafe memory.withUnsafeBytes(body)
    }
}

extension SecretKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SecretKey(\(count) bytes)" }

    package var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
