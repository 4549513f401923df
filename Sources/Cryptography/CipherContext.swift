private import COpenSSL

/// A context for AES-256-GCM (NIST SP 800-38D) in one direction, which keeps its key from one text to the next.
@safe struct CipherContext: ~Copyable {
    static let nonceCount = 12
    static let tagCount = 16

    private let context: OpaquePointer

    init(key: SecretKey, encrypting: Bool) {
        precondition(key.count == 32, "AES-256 takes a key of 32 bytes")
        guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("out of memory for a cipher") }
        unsafe self.context = context
        unsafe key.withUnsafeBytes { bytes in
            let keyed = unsafe EVP_CipherInit_ex2(
                context,
                EVP_aes_256_gcm(),
                bytes.baseAddress,
                nil,
                encrypting ? 1 : 0,
                nil
            )
            precondition(keyed == 1, "OpenSSL has AES-256-GCM")
        }
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Writes the ciphertext, as long as the plaintext, and behind it the tag.
    mutating func encrypt(
        _ plaintext: UnsafeBufferPointer<UInt8>,
        nonce: UnsafePointer<UInt8>,
        associatedData: [UInt8],
        into output: UnsafeMutablePointer<UInt8>
    ) {
        let tag = unsafe output + plaintext.count
        let sealed =
            unsafe start(nonce: nonce, associatedData: associatedData)
            && run(plaintext, into: output) && finish()
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(Self.tagCount), tag) == 1
        precondition(sealed, "AES-256-GCM seals a text below 2 GiB")
    }

    /// Writes the plaintext and returns whether all is authentic; if not, what was written must not be used.
    mutating func decrypt(
        _ ciphertext: UnsafeBufferPointer<UInt8>,
        nonce: UnsafePointer<UInt8>,
        tag: UnsafePointer<UInt8>,
        associatedData: [UInt8],
        into output: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        let expected = unsafe UnsafeMutableRawPointer(mutating: tag)  // OpenSSL copies it and writes nothing
        return unsafe start(nonce: nonce, associatedData: associatedData)
            && run(ciphertext, into: output)
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(Self.tagCount), expected) == 1
            && finish()
    }

    private func start(nonce: UnsafePointer<UInt8>, associatedData: [UInt8]) -> Bool {
        guard unsafe EVP_CipherInit_ex2(context, nil, nil, nonce, -1, nil) == 1 else { return false }
        guard !associatedData.isEmpty else { return true }
        var written: CInt = 0
        return unsafe EVP_CipherUpdate(context, nil, &written, associatedData, CInt(associatedData.count)) == 1
    }

    private func run(_ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<UInt8>) -> Bool {
        guard !input.isEmpty else { return true }
        var written: CInt = 0
        return unsafe EVP_CipherUpdate(context, output, &written, input.baseAddress, CInt(input.count)) == 1
    }

    private func finish() -> Bool {
        var written: CInt = 0
        var nothing: UInt8 = 0
        return unsafe EVP_CipherFinal_ex(context, &nothing, &written) == 1
    }
}
