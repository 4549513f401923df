private import COpenSSL

/// The one place where a key's bytes lie: memory of OpenSSL, overwritten and freed when its owner goes away.
///
/// Written while it is made and only read from then on, so any thread may look at it.
struct KeyMemory: ~Copyable, Sendable {
    let count: Int
    private let address: UInt

    /// Allocates memory that the closure fills.
    init<Failure: Error>(
        count: Int,
        filledBy fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count > 0, "a key has bytes")
        guard let memory = unsafe shim_key_malloc(count) else { fatalError("out of memory for a key") }
        address = UInt(bitPattern: memory)
        self.count = count
        try unsafe fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    }

    deinit { unsafe shim_key_free(UnsafeMutableRawPointer(bitPattern: address), count) }

    /// Lends the bytes for the time of the call.
    borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
        return try unsafe body(bytes.assumingMemoryBound(to: UInt8.self))
    }
}
