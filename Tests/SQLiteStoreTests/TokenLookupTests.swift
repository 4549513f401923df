import Dispatch
import SQLite
import Store
import StoreBehaviour
import Synchronization
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("Whoever comes with a token", .timeLimit(.minutes(12)))
struct TokenLookupTests {
    @Test("is looked up while every other read takes long")
    func doesNotWait() async throws {
        let lab = try SQLiteLab()
        let token = StoredToken(
            id: "tk_1",
            hash: Digest(of: "token"),
            scopes: ["events"],
            tenant: nil,
            gateways: [],
            createdAt: lab.time.now(),
            expiresAt: nil
        )
        try await lab.store.create(token)
        let readers = lab.post.readers
        let hold = Hold()
        try await withThrowingTaskGroup { group in
            for _ in 1...2 {
                group.addTask {
                    try await readers.read { (_: inout Connection) throws(SQLiteError) in hold.wait() }
                }
            }
            for _ in 1...4 { #expect(try await lab.store.token(hash: token.hash) == token) }
            #expect(hold.ended == 0)
            hold.release(2)
            try await group.waitForAll()
        }
    }
}

/// Holds reads up, and knows how many it gave up on.
private final class Hold: Sendable {
    private let latch = DispatchSemaphore(value: 0)
    private let count = Atomic(0)

    /// Reads that have ended, let go or because they had waited long enough.
    var ended: Int { count.load(ordering: .sequentiallyConsistent) }

    func wait() {
        _ = latch.wait(timeout: .now() + .seconds(300))
        count.add(1, ordering: .sequentiallyConsistent)
    }

    func release(_ reads: Int) {
        for _ in 1...reads { latch.signal() }
    }
}
