private import COpenSSL

/// The public half of an Ed25519 pair (RFC 8032), which tells whether somebody with the other half signed a message.
package struct Ed25519PublicKey: Sendable, Equatable {
    private let bytes: [UInt8]

    /// Takes the 32 bytes of RFC 8032, section 5.1.5.
    ///
    /// `nil` for another number of them.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Whether the 64 bytes are a signature of the message by this key's owner.
    package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64 else { return false }
        let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        defer { unsafe EVP_PKEY_free(key) }
        guard unsafe key != nil, let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
