private import Synchronization

/// Seals byte strings so that they can be neither read nor changed without the key: AES-256-GCM (NIST SP 800-38D).
///
/// Each seal draws a random nonce; section 8.3 allows 2^32 seals with one key.
package struct Sealer: Sendable {
    private let contexts: Contexts

    /// Takes a key of 32 bytes.
    package init(key: SecretKey) {
        contexts = Contexts(key: key)
    }

    /// Returns nonce (12 bytes), ciphertext (as long as the plaintext) and tag (16 bytes) in one.
    ///
    /// The associated data is not contained, and opening needs the same: it ties the seal to its place.
    package func seal(_ plaintext: [UInt8], associatedData: [UInt8]) -> [UInt8] {
        seal(plaintext, associatedData: associatedData, nonce: randomBytes(CipherContext.nonceCount))
    }

    /// Seals with a given nonce, of which a second use would lay the key open: for published vectors alone.
    func seal(_ plaintext: [UInt8], associatedData: [UInt8], nonce: [UInt8]) -> [UInt8] {
        precondition(nonce.count == CipherContext.nonceCount, "the nonce has 12 bytes")
        var sealed = nonce + [UInt8](repeating: 0, count: plaintext.count + CipherContext.tagCount)
        contexts.encryption.withLock { context in
            unsafe plaintext.withUnsafeBufferPointer { plaintext in
                unsafe sealed.withUnsafeMutableBufferPointer { sealed in
                    guard let start = sealed.baseAddress else { return }
                    unsafe context.encrypt(
                        plaintext,
                        nonce: start,
                        associatedData: associatedData,
                        into: start + CipherContext.nonceCount
                    )
                }
            }
        }
        return sealed
    }

    /// Returns the plaintext of what was sealed with the same key and the same associated data.
    package func open(_ sealed: [UInt8], associatedData: [UInt8]) throws(OpenError) -> [UInt8] {
        let count = sealed.count - CipherContext.nonceCount - CipherContext.tagCount
        guard count >= 0 else { throw .tooShort }
        // One byte more, so that there is an address to write to even when the text is empty.
        var plaintext = [UInt8](repeating: 0, count: count + 1)
        let isAuthentic = contexts.decryption.withLock { context in
            unsafe sealed.withUnsafeBufferPointer { sealed in
                unsafe plaintext.withUnsafeMutableBufferPointer { plaintext in
                    guard let start = sealed.baseAddress, let output = plaintext.baseAddress else { return false }
                    let ciphertext = unsafe start + CipherContext.nonceCount
                    return unsafe context.decrypt(
                        UnsafeBufferPointer(start: ciphertext, count: count),
                        nonce: start,
                        tag: ciphertext + count,
                        associatedData: associatedData,
                        into: output
                    )
                }
            }
        }
        guard isAuthentic else { throw .notAuthentic }
        plaintext.removeLast()
        return plaintext
    }
}

/// One keyed context for each direction, used by one thread at a time.
private final class Contexts: Sendable {
    let encryption: Mutex<CipherContext>
    let decryption: Mutex<CipherContext>

    init(key: SecretKey) {
        encryption = Mutex(CipherContext(key: key, encrypting: true))
        decryption = Mutex(CipherContext(key: key, encrypting: false))
    }
}

/// Why a seal was not opened.
package enum OpenError: Error, Equatable {
    /// Fewer bytes than a nonce and a tag have.
    case tooShort
    /// Changed, sealed with another key, or sealed with other associated data; which of them cannot be told.
    case notAuthentic
}

extension OpenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooShort:
            "The seal was not opened: it is shorter than any seal. Restore it from where it was stored."
        case .notAuthentic:
            "The seal was not opened: it was changed, or it belongs to another key or place. Check which key is in use."
        }
    }
}
