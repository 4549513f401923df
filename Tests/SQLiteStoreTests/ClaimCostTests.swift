import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store
import StoreBehaviour
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("What a look costs")
struct ClaimCostTests {
    /// Ready rows of ten tenants, due one after the other; the first 200 have all that a message needs.
    private static let filling: StaticString = """
        INSERT INTO tenant (id, name)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, 'tenant-' || i FROM n;
        INSERT INTO event (id, tenant, purpose, name, source, content, received, seal_key, sealed)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        SELECT CAST(printf('event%011d', i) AS BLOB), i % 10 + 1, 1, 'name', '/tests', x'00', 0, 'seal-1', x'00' FROM n;
        INSERT INTO challenge (id, event, tenant, purpose, channel, person, code_key, digits, codes, issued, expires, tries)
        SELECT id, id, tenant, 1, 1, id, 'code-1', 6, 1, 0, 9000000000000, 5 FROM event;
        INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
            accepted_parked, state, gateway)
        SELECT CAST('row' || substr(id, 4) AS BLOB), id, id, 1, tenant, 1, 1, 0, 9000000000000, 9000000000000, 0, 1, 1
        FROM event;
        """

    private static let rows: StaticString = """
        INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
            crashes, trial)
        WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT CAST('row' || printf('nt%011d', i) AS BLOB), 1, 1, 1, 2, i % 10 + 1, i, 9000000000000, 0, 0, 0, 0, 0, 0
        FROM n
        """

    /// Page reads of ten claims of 20, taken one after the other.
    private func reads(withReadyRows count: Int64) async throws -> [Int] {
        let lab = try SQLiteLab()
        await lab.post.close()
        var connection = try Connection(path: lab.path, access: .readWrite)
        try connection.execute(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN; \(ClaimCostTests.filling)"
        )
        try connection.run(ClaimCostTests.rows, .integer(count))
        try connection.execute("COMMIT")
        try connection.checkpoint(.truncate)
        try await lab.reopen()
        let request = ClaimRequest(carrier: "carrier", instance: "one", gateways: ["mail-main"], limit: 20)
        var reads: [Int] = []
        for _ in 1...10 {
            let (claimed, pages) = try await lab.post.writer.perform { core throws(SQLiteError) in
                let before = core.connection.pageReads
                let claimed = try core.claim(request).count
                return (claimed, core.connection.pageReads - before)
            }
            #expect(claimed == 20)
            reads.append(pages)
        }
        return reads
    }

    /// The trees of a million rows are one level deeper than those of ten thousand; nothing else may grow.
    @Test("a claim reads no more pages at a million ready rows than at ten thousand, but for the depth of the trees")
    func claims() async throws {
        let few = try await reads(withReadyRows: 10_000)
        let many = try await reads(withReadyRows: 1_000_000)
        for (few, many) in zip(few, many) { #expect(many - few <= 20 * 9, "\(few) pages grew to \(many)") }
        let (least, most) = (many.min() ?? 0, many.max() ?? 0)
        #expect(most - least <= 40, "claim by claim: \(many)")
    }

    @Test("showing one delivery costs the same whatever came after it")
    func shows() async throws {
        let lab = try SQLiteLab()
        let scene = Stationery()
        let letters = (0...2000).map { Letter(to: "person-\($0)") }
        let first = scene.submission(letters[0], at: lab.time.now())
        _ = try await lab.store.accept(first)
        let id = try #require(first.legs.first).delivery
        let before = try pages(of: lab) { connection throws(SQLiteError) in _ = try connection.report(id, of: nil) }
        lab.time.pass(.seconds(1))
        try await withThrowingTaskGroup { group in
            for letter in letters.dropFirst() {
                group.addTask { _ = try await lab.store.accept(scene.submission(letter, at: lab.time.now())) }
            }
            try await group.waitForAll()
        }
        let after = try pages(of: lab) { connection throws(SQLiteError) in _ = try connection.report(id, of: nil) }
        #expect(after - before <= 20, "\(before) pages grew to \(after)")
    }

    private func pages(
        of lab: SQLiteLab,
        _ look: (inout Connection) throws(SQLiteError) -> Void
    ) throws -> Int {
        var connection = try Connection(path: lab.path, access: .readOnly)
        try look(&connection)
        let before = connection.pageReads
        try look(&connection)
        return connection.pageReads - before
    }
}
