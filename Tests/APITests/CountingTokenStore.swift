import AuthEvents
import Clocks
import Store
import Synchronization

/// Tokens in memory, and how often one was looked up.
final class CountingTokenStore: TokenStore {
    private struct Contents {
        var tokens: [StoredToken] = []
        var lookups = 0
        var batches: [[String: Instant]] = []
        var isFull = false
    }

    private let contents = Mutex(Contents())

    var lookups: Int { contents.withLock { $0.lookups } }
    /// What it was given to keep, a batch a write.
    var batches: [[String: Instant]] { contents.withLock { $0.batches } }

    func setFull(_ isFull: Bool) { contents.withLock { $0.isFull = isFull } }

    func create(_ token: StoredToken) async throws(StoreError) {
        contents.withLock { $0.tokens.append(token) }
    }

    func token(hash: Digest) async throws(StoreError) -> StoredToken? {
        contents.withLock { contents in
            contents.lookups += 1
            return contents.tokens.first { $0.hash == hash }
        }
    }

    func tokens(_ filter: TokenFilter) async throws(StoreError) -> TokenPage {
        TokenPage(items: contents.withLock { $0.tokens }, next: nil)
    }

    func revoke(_ id: String, of tenant: TenantName?) async throws(StoreError) -> Bool { false }

    func keep(lastUses: [String: Instant]) async throws(StoreError) {
        let isFull = contents.withLock { contents in
            if !contents.isFull { contents.batches.append(lastUses) }
            return contents.isFull
        }
        if isFull { throw .unavailable(reason: "it is full") }
    }
}
