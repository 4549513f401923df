private import COpenSSL

/// Why sealed bytes were not opened: another key, other associated data, or changed bytes. Which one cannot be told.
package struct OpenError: Error, Equatable, CustomStringConvertible {
    package var description: String {
        "The sealed data could not be opened: it was changed, or belongs to another key."
    }
}

/// Seals with AES-256-GCM (NIST SP 800-38D): 12 bytes of random nonce, the ciphertext, 16 bytes of tag.
package struct Sealer: Sendable {
    private static let nonceSize = 12
    private static let tagSize = 16

    private let key: SecretKey

    /// - Parameter key: 32 bytes. One key may seal 2^32 texts with random nonces (SP 800-38D, section 8.3).
    package init(key: SecretKey) {
        precondition(key.count == 32, "AES-256 takes a key of 32 bytes")
        self.key = key
    }

    package func seal(_ plaintext: [UInt8], associatedData: [UInt8]) -> [UInt8] {
        seal(plaintext, associatedData: associatedData, nonce: randomBytes(Sealer.nonceSize))
    }

    func seal(_ plaintext: [UInt8], associatedData: [UInt8], nonce: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: plaintext.count)
        var tag = [UInt8](repeating: 0, count: Sealer.tagSize)
        var count: Int32 = 0
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let done = unsafe key.withUnsafeBytes { key in
            unsafe EVP_EncryptInit_ex2(
                context,
                EVP_aes_256_gcm(),
                key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nonce,
                nil
            ) == 1
                && EVP_EncryptUpdate(context, nil, &count, associatedData, Int32(associatedData.count)) == 1
                && EVP_EncryptUpdate(context, &output, &count, plaintext, Int32(plaintext.count)) == 1
                && EVP_EncryptFinal_ex(context, nil, &count) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, Int32(Sealer.tagSize), &tag) == 1
        }
        guard done else { preconditionFailure("OpenSSL has AES-256-GCM") }
        return nonce + output + tag
    }

    package func open(_ sealed: [UInt8], associatedData: [UInt8]) throws(OpenError) -> [UInt8] {
        let size = sealed.count - Sealer.nonceSize - Sealer.tagSize
        guard size >= 0 else { throw OpenError() }
        let nonce = [UInt8](sealed[..<Sealer.nonceSize])
        let ciphertext = [UInt8](sealed[Sealer.nonceSize..<Sealer.nonceSize + size])
        var tag = [UInt8](sealed[(Sealer.nonceSize + size)...])
        var output = [UInt8](repeating: 0, count: size)
        var count: Int32 = 0
        let context = unsafe EVP_CIPHER_CTX_new()
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let done = unsafe key.withUnsafeBytes { key in
            unsafe EVP_DecryptInit_ex2(
                context,
                EVP_aes_256_gcm(),
                key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nonce,
                nil
            ) == 1
                && EVP_DecryptUpdate(context, nil, &count, associatedData, Int32(associatedData.count)) == 1
                && EVP_DecryptUpdate(context, &output, &count, ciphertext, Int32(ciphertext.count)) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, Int32(Sealer.tagSize), &tag) == 1
                && EVP_DecryptFinal_ex(context, nil, &count) == 1
        }
        guard done else { throw OpenError() }
        return output
    }
}
