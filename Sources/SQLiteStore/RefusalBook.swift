import AuthEvents
import Store
import Synchronization

/// Refusals that wait to be written.
///
/// Whoever is refused does not wait for a commit, and a flood of refusals takes none from those who are accepted.
final class RefusalBook: Sendable {
    /// What comes in more between two looks takes the place of the oldest.
    private static let mostPending = 10_000

    private let pending = Mutex<[KeptRefusal]>([])

    func add(_ refusals: [KeptRefusal]) {
        pending.withLock { pending in
            pending += refusals
            if pending.count > RefusalBook.mostPending {
                pending.removeFirst(pending.count - RefusalBook.mostPending)
            }
        }
    }

    /// The oldest of them.
    func next(_ count: Int) -> [KeptRefusal] { pending.withLock { Array($0.prefix(count)) } }

    func refusal(_ id: RefusalID) -> KeptRefusal? { pending.withLock { $0.last { $0.id == id } } }

    /// Drops what has been written; it may be gone already.
    func remove(_ written: [KeptRefusal]) {
        let ids = Set(written.map(\.id))
        pending.withLock { $0.removeAll { ids.contains($0.id) } }
    }
}
