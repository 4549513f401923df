import Store
import Synchronization

/// Tokens as the store has them, remembered so that it is not asked with every request.
///
/// Nothing but this process writes to the store, and whoever changes a token there calls ``forget()`` before he answers.
/// What is not known to the store is not remembered: anybody can make that up.
final class KnownTokens: Sendable {
    private struct State {
        var tokens: [Digest: StoredToken] = [:]
        var changes = 0
    }

    /// With more in use at once some are looked up again now and then.
    private static let limit = 1024

    private let state = Mutex(State())

    func token(
        hash: Digest,
        lookUp: () async throws(StoreError) -> StoredToken?
    ) async throws(StoreError) -> StoredToken? {
        let (known, changes) = state.withLock { ($0.tokens[hash], $0.changes) }
        if let known { return known }
        guard let found = try await lookUp() else { return nil }
        state.withLock { state in
            // What was read before a change may have become another since.
            guard state.changes == changes else { return }
            if state.tokens.count >= KnownTokens.limit { state.tokens = [:] }
            state.tokens[hash] = found
        }
        return found
    }

    func forget() {
        state.withLock { state in
            state.tokens = [:]
            state.changes += 1
        }
    }
}
