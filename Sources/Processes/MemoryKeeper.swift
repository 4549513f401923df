private import CLinux
private import Dispatch

/// Gives memory that the C library keeps back to the system.
///
/// Pieces of a size get pages of their own, which go back with them: else the library moves the bound up to the largest piece
/// that was ever freed, and keeps such pieces among small ones (M_MMAP_THRESHOLD, mallopt(3)). What lies free among small ones
/// goes back when the process has grown: the library itself looks at the end of each of its heaps only (malloc_trim(3)).
package enum MemoryKeeper {
    /// Bytes from which on a piece has its own pages.
    private static let piece: Int32 = 256 << 10
    /// Growth in bytes after which it is worth a look, about a millisecond.
    private static let growth: Int64 = 4 << 20
    private static let queue = DispatchQueue(label: "memory", qos: .utility)

    /// Begins, for as long as the process lives.
    package static func start() {
        mallopt(M_MMAP_THRESHOLD, piece)
        watch(since: CurrentProcess.residentMemory ?? 0)
    }

    private static func watch(since held: Int64) {
        queue.asyncAfter(deadline: .now() + .seconds(1)) { watch(since: look(since: held)) }
    }

    /// Gives back what lies free if the process has grown since it held so much; returns what it holds.
    package static func look(since held: Int64) -> Int64 {
        let now = CurrentProcess.residentMemory ?? held
        guard now >= held + growth else { return min(held, now) }
        malloc_trim(0)
        return CurrentProcess.residentMemory ?? now
    }
}
