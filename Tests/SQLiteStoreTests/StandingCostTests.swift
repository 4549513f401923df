import AuthEvents
import Clocks
import Cryptography
import Deliveries
import SQLite
import Spend
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("A long history")
struct StandingCostTests {
    private static let ended: StaticString = """
        INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
            accepted_parked, state, gateway)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT CAST('row' || printf('nt%011d', i) AS BLOB), x'01', x'', 0, i % 10 + 1, 1, 1, 0, 0, 0, 0, 6, 1 FROM n
        """
    private static let tenants: StaticString = """
        INSERT INTO tenant (id, name)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, 'tenant-' || i FROM n
        """
    private static let standing: StaticString =
        "INSERT INTO standing SELECT tenant, channel, state, count(*) FROM delivery GROUP BY 1, 2, 3"

    private func lab(_ count: Int64) async throws -> SQLiteLab {
        let lab = try SQLiteLab()
        await lab.post.close()
        var connection = try Connection(path: lab.path, access: .readWrite)
        try connection.execute("PRAGMA synchronous = OFF; BEGIN")
        try connection.run(StandingCostTests.tenants)
        try connection.run(StandingCostTests.ended, .integer(count))
        try connection.run(StandingCostTests.standing)
        try connection.execute("COMMIT")
        try connection.checkpoint(.truncate)
        try await lab.reopen(with: StoreSettings(budgets: [.cents(100)]))
        return lab
    }

    /// Pages that both readers were asked for.
    private func reads(_ lab: SQLiteLab) async throws -> Int {
        var sum = 0
        for _ in 1...2 {
            sum += try await lab.post.readers.read { connection throws(SQLiteError) in connection.pageReads }
        }
        return sum
    }

    @Test("is counted without being looked at: for the status, of all and of one tenant, and at the start")
    func costsNothing() async throws {
        var costs: [[Int]] = []
        for count in [1_000, 200_000] as [Int64] {
            let lab = try await lab(count)
            let before = try await reads(lab)
            let all = try await lab.store.standing(of: nil)
            let one = try await lab.store.standing(of: TenantName("tenant-3"))
            _ = try await lab.store.budgets(of: nil)
            let status = try await reads(lab) - before
            #expect(all.channels.first { $0.channel == .email }?.counts[.accepted] == count)
            #expect(one.channels.first { $0.channel == .email }?.counts[.accepted] == count / 10)
            var connection = try Connection(path: lab.path, access: .readOnly)
            _ = try WriterState.load(from: &connection, writer: lab.post.epoch.hex)
            costs.append([status, connection.pageReads])
        }
        #expect(costs[0] == costs[1], "page reads of status and start")
    }
}
