import Synchronization

/// The memory that the bodies of all requests at one listener take together.
///
/// One body may at any time have an eighth of what the others leave free. So large ones, however slowly they come, cannot
/// take it all: long before, the next of them is refused, and small ones are still served. Of 64 MiB a body of 4 MiB needs
/// 32 MiB free, one of 256 KiB 2 MiB, one of 4 KiB 32 KiB; a thousand peers that take as much as they can have 65 KiB
/// each, and leave room for one of 57 KiB.
final class BodyMemory: Sendable {
    private static let share = 8
    private let size: Int
    private let taken = Mutex(0)

    /// - Parameter limits: whose largest body always fits where it is alone.
    init(limits: ServerLimits) {
        size = max(limits.maximumBufferedBytes, limits.maximumBodyBytes * Self.share)
    }

    /// Whether a body of so many bytes would fit if all of it came now.
    func hasRoom(for count: Int) -> Bool {
        taken.withLock { count <= (size - $0) / Self.share }
    }

    /// Lets one body have more than it held; false when it may not, and nothing has changed.
    func grow(from held: Int, to count: Int) -> Bool {
        taken.withLock { taken in
            let others = taken - held
            guard count <= (size - others) / Self.share else { return false }
            taken = others + count
            return true
        }
    }

    func release(_ count: Int) {
        taken.withLock { $0 -= count }
    }
}
