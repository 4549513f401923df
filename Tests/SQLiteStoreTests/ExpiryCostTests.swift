import AuthEvents
import Clocks
import Deliveries
import Foundation
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("While very many expire at once")
struct ExpiryCostTests {
    private static let count: Int64 =
        ProcessInfo.processInfo.environment["GATEPOST_TEST_LONG"] == nil ? 100_000 : 1_000_000

    /// Behind the given rows of each tenant, which have been due for longer, 200 that live on and have all that a message needs.
    private static let living: StaticString = """
        INSERT INTO tenant (id, name)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, 'tenant-' || i FROM n;
        INSERT INTO event (id, tenant, purpose, name, source, content, received, seal_key, sealed)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        SELECT CAST(printf('event%011d', i) AS BLOB), i % 10 + 1, 1, 'name', '/tests', x'00', 0, 'seal-1', x'00' FROM n;
        INSERT INTO challenge (id, event, tenant, purpose, channel, person, code_key, digits, codes, issued, expires, tries)
        SELECT id, id, tenant, 1, 1, id, 'code-1', 6, 1, 0, 9000000000000, 5 FROM event;
        INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
            accepted_parked, state, gateway)
        SELECT CAST('z' || substr(id, 2) AS BLOB), id, id, 1, tenant, 1, 1, 0, 9000000000000, 9000000000000, 0, 1, 1
        FROM event;
        INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
            accepted_parked, state, gateway)
        SELECT CAST('row' || substr(id, 4) AS BLOB), id, id, 1, tenant, 1, 1, 0, 0, 9000000000000, 0, 1, 1 FROM event;
        INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
            crashes, trial)
        SELECT id, 1, 1, 1, 2, tenant, 1000000000, send_before, 0, 0, 0, 0, 0, 0 FROM delivery
        WHERE send_before > 0;
        """

    private static let expiring: StaticString = """
        INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
            crashes, trial)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        SELECT CAST('row' || printf('nt%011d', i) AS BLOB), 1, 1, 1, 2, i % 10 + 1, i, ?2, 0, 0, 0, 0, 0, 0 FROM n
        """

    /// Rows whose deadline is ten seconds from now, and live ones behind them.
    private func lab() async throws -> SQLiteLab {
        let lab = try SQLiteLab()
        await lab.post.close()
        var connection = try Connection(path: lab.path, access: .readWrite)
        try connection.execute(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN; \(ExpiryCostTests.living)"
        )
        let end = lab.time.now() + .seconds(10)
        try connection.run(ExpiryCostTests.expiring, .integer(ExpiryCostTests.count), .integer(end.milliseconds))
        try connection.run("INSERT INTO standing SELECT tenant, channel, state, count(*) FROM hot GROUP BY 1, 2, 3")
        try connection.execute("COMMIT")
        try connection.checkpoint(.truncate)
        try await lab.reopen()
        return lab
    }

    private func claim(_ lab: SQLiteLab, _ limit: Int = 10) async throws -> (ids: [String], pages: Int) {
        let request = ClaimRequest(carrier: "carrier", instance: "one", gateways: ["mail-main"], limit: limit)
        return try await lab.post.writer.perform { core throws(SQLiteError) in
            let before = core.connection.pageReads
            let claimed = try core.claim(request).map { String(decoding: $0.token.delivery.bytes, as: UTF8.self) }
            return (claimed, core.connection.pageReads - before)
        }
    }

    private func waiting(_ lab: SQLiteLab) throws -> Int64 {
        var connection = try Connection(path: lab.path, access: .readOnly)
        return try connection.first("SELECT count(*) FROM hot WHERE state = 1", read: { $0.integer(0) }) ?? 0
    }

    @Test("a claim finds what lives behind them at once, and reads no more pages than it did without them")
    func claimsAtOnce() async throws {
        let lab = try await lab()
        var pages: [Int] = []
        for _ in 1...3 {
            let claimed = try await claim(lab)
            #expect(claimed.ids.count == 10 && claimed.ids.allSatisfy { $0.hasPrefix("row") })
            pages.append(claimed.pages)
        }
        let most = try #require(pages.max())
        lab.time.pass(.seconds(10))
        let before = try waiting(lab)
        for _ in 1...10 {
            let claimed = try await claim(lab)
            #expect(claimed.ids.count == 10 && claimed.ids.allSatisfy { $0.hasPrefix("zvent") })
            #expect(claimed.pages <= most + 20, "\(most) pages grew to \(claimed.pages)")
        }
        // Others bury them.
        #expect(try waiting(lab) == before - 100)
    }

    @Test("each slice is small, claims go on between them, and who has nothing to claim is not woken")
    func claimsBetweenSlices() async throws {
        let lab = try await lab()
        lab.time.pass(.seconds(10))
        var left = try waiting(lab)
        for _ in 1...20 {
            #expect(try await lab.store.sweep())
            let now = try waiting(lab)
            #expect(left - now <= sliceSize && now < left)
            #expect(try await claim(lab).ids.count == 10)
            left = now - 10
        }
        #expect(try await claim(lab).ids.isEmpty)
        let gateways = try await lab.store.standing(of: nil).gateways
        #expect(gateways.first { $0.name == "mail-main" }?.earliestDue == nil)
        #expect(try waiting(lab) > 0)
    }

    @Test("a lease that is over is seen in the first slice")
    func seesLeases() async throws {
        let lab = try await lab()
        lab.time.pass(.seconds(10))
        let held = try await claim(lab).ids
        #expect(held.count == 10)
        #expect(try await lab.store.sweep())
        lab.time.pass(GatewayTerms.claimLease)
        #expect(try await lab.store.sweep())
        var connection = try Connection(path: lab.path, access: .readOnly)
        let rescued = try connection.first("SELECT count(*) FROM hot WHERE crashes = 1", read: { $0.integer(0) })
        #expect(rescued == 10)
        #expect(try waiting(lab) > 0)
    }

    @Test("none is left in the end, and what lived is still there")
    func endsThemAll() async throws {
        let lab = try await lab()
        lab.time.pass(.seconds(10))
        var slices: Int64 = 0
        while try await lab.store.sweep() { slices += 1 }
        #expect(slices >= ExpiryCostTests.count / sliceSize)
        #expect(try waiting(lab) == 200)
        var ids: [String] = []
        for _ in 1...20 { ids += try await claim(lab).ids }
        #expect(Set(ids).count == 200)
    }
}
