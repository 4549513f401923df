private import COpenSSL

/// A context for HMAC-SHA-256 that keeps its key from one message to the next.
///
/// Starting anew with the key it has saves fetching the algorithm and hashing the key each time.
@safe struct HMACContext: ~Copyable {
    private let context: OpaquePointer

    init(key: borrowing KeyMemory) {
        let context = unsafe key.withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.flatMap { unsafe shim_hmac_sha256($0, bytes.count) }
        }
        guard let context = unsafe context else { fatalError("OpenSSL has no HMAC with SHA-256") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    mutating func start() {
        let started = unsafe EVP_MAC_init(context, nil, 0, nil)
        precondition(started == 1, "a keyed context starts anew")
    }

    mutating func update(_ bytes: [UInt8]) {
        let updated = unsafe EVP_MAC_update(context, bytes, bytes.count)
        precondition(updated == 1, "a started context takes bytes")
    }

    mutating func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: sha256ByteCount) { buffer, count in
            let finished = unsafe EVP_MAC_final(context, buffer.baseAddress, &count, buffer.count)
            precondition(finished == 1 && count == sha256ByteCount, "HMAC-SHA-256 has 32 bytes")
        }
    }
}
