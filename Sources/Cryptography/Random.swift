private import COpenSSL

/// Bytes that nobody can predict, from OpenSSL's generator.
///
/// Ends the program when the generator fails.
package func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        unsafe fillWithRandomBytes(
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count])
        )
        initialized = count
    }
}

/// There is no safe way to go on without random numbers, so a generator that fails is fatal.
func fillWithRandomBytes(_ buffer: UnsafeMutableRawBufferPointer) {
    let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let filled = unsafe buffer.isEmpty || RAND_bytes(start, CInt(buffer.count)) == 1
    precondition(filled, "the random number generator failed")
}

/// From the generator whose output nobody but us ever sees (RAND_priv_bytes(3)).
func fillWithPrivateRandomBytes(_ buffer: UnsafeMutableRawBufferPointer) {
    let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let filled = unsafe RAND_priv_bytes(start, CInt(buffer.count)) == 1
    precondition(filled, "the random number generator failed")
}

/// Whether two byte strings are equal, in a time that tells nothing but their lengths.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe CRYPTO_memcmp(left, right, left.count) == 0
}
