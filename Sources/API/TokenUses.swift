import Clocks
package import Store
import Synchronization

/// When tokens were last used, remembered until the store keeps it, so that no request waits for a write.
package final class TokenUses: Sendable {
    private let latest = Mutex<[String: Instant]>([:])

    package init() {}

    func note(_ id: String, at now: Instant) {
        latest.withLock { $0[id] = max(now, $0[id] ?? now) }
    }

    /// What the store does not know yet.
    var unwritten: [String: Instant] { latest.withLock { $0 } }

    /// Has the store keep what is remembered, in one write; what it did not take stays for the next time.
    package func write(to store: any TokenStore) async throws(StoreError) {
        let batch = unwritten
        guard !batch.isEmpty else { return }
        try await store.keep(lastUses: batch)
        latest.withLock { latest in
            for (id, use) in batch where latest[id] == use { latest[id] = nil }
        }
    }
}
