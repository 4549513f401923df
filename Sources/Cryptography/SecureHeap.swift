private import COpenSSL

/// Memory for keys that is kept out of the swap space and of core dumps, shared by the whole process.
package enum SecureHeap: Sendable {
    /// Keys made from now on lie in it, until it is full.
    case locked
    /// Like ``locked``, but the system refused to keep all of it out of the swap space (`RLIMIT_MEMLOCK`).
    case swappable
    /// Keys lie in ordinary memory.
    case unavailable

    /// Sets the heap up; call it once, before the first key is made and while the program has one thread.
    ///
    /// OpenSSL keeps its own private numbers there too and fails when the heap is full, so be generous.
    ///
    /// - Parameter byteCount: A power of two.
    /// - Returns: Where keys lie from now on.
    package static func prepare(byteCount: Int = 1 << 20) -> SecureHeap {
        precondition(byteCount > 0 && byteCount & (byteCount - 1) == 0, "the size is a power of two")
        return switch CRYPTO_secure_malloc_init(byteCount, 32) {
        case 1: .locked
        case 2: .swappable
        default: .unavailable
        }
    }
}
