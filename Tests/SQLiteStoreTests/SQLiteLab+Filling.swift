import Clocks
import Foundation
import SQLite

@testable import SQLiteStore

/// Rows that are written past the store: hundred thousands in a second.
struct Filling {
    /// Whether the tests take the time that large numbers take (`make test-all`).
    static let isLong = ProcessInfo.processInfo.environment["GATEPOST_TEST_LONG"] != nil

    var count: Int64
    /// The numbers of the tenants that they belong to, in turn.
    var tenants: ClosedRange<Int64> = 1...1
    var state: Int64 = 1
    var priority: Int64 = 2
    /// When the first is due, in milliseconds; the next is due one later.
    var due: Int64 = 1
    /// By the clock of the boot.
    var lease: Int64 = 0
    /// Whether each has the event that its message is written from.
    var isWhole = false
}

extension SQLiteLab {
    private static let tenants: StaticString = """
        INSERT OR IGNORE INTO tenant (id, name)
        WITH RECURSIVE n(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2) SELECT i, 'tenant-' || i FROM n
        """

    private static let hot: StaticString = """
        INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
            crashes, trial)
        WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
        SELECT CAST(printf('rows-%011d', ?2 + i) AS BLOB), ?3, 1, 1, ?4, ?5 + i % ?6, ?7 + i, 9000000000000, 0, ?8, 0, 0, 0, 0
        FROM n
        """

    private static let events: StaticString = """
        INSERT INTO event (id, tenant, purpose, name, source, content, received, seal_key, sealed)
        SELECT id, tenant, 1, 'name', '/tests', x'00', 0, 'seal-1', x'00' FROM hot
        WHERE id BETWEEN CAST(printf('rows-%011d', ?1) AS BLOB) AND CAST(printf('rows-%011d', ?2) AS BLOB)
        """

    private static let challenges: StaticString = """
        INSERT INTO challenge (id, event, tenant, purpose, channel, person, code_key, digits, codes, issued, expires, tries)
        SELECT id, id, tenant, 1, 1, id, 'code-1', 6, 1, 0, 9000000000000, 5 FROM event
        WHERE id BETWEEN CAST(printf('rows-%011d', ?1) AS BLOB) AND CAST(printf('rows-%011d', ?2) AS BLOB)
        """

    private static let deliveries: StaticString = """
        INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
            accepted_parked, state, gateway)
        SELECT id, id, id, 1, tenant, 1, 1, 0, 9000000000000, 9000000000000, 0, 1, 1 FROM event
        WHERE id BETWEEN CAST(printf('rows-%011d', ?1) AS BLOB) AND CAST(printf('rows-%011d', ?2) AS BLOB)
        """

    /// Closes the store, writes the rows at its first gateway, and opens it again.
    func fill(_ fillings: [Filling]) async throws {
        await close()
        try write(fillings)
        try resume()
    }

    private func write(_ fillings: [Filling]) throws {
        var connection = try Connection(path: path, access: .readWrite)
        try connection.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN")
        var first: Int64 = 1
        for filling in fillings {
            let (low, high) = (filling.tenants.lowerBound, filling.tenants.upperBound)
            try connection.run(SQLiteLab.tenants, .integer(low), .integer(high))
            try connection.run(
                SQLiteLab.hot,
                .integer(filling.count),
                .integer(first),
                .integer(filling.state),
                .integer(filling.priority),
                .integer(low),
                .integer(high - low + 1),
                .integer(filling.due),
                .integer(filling.lease)
            )
            let last = first + filling.count - 1
            if filling.isWhole {
                for statement in [SQLiteLab.events, SQLiteLab.challenges, SQLiteLab.deliveries] {
                    try connection.run(statement, .integer(first), .integer(last))
                }
            }
            first = last + 1
        }
        try connection.run("INSERT INTO standing SELECT tenant, channel, state, count(*) FROM hot GROUP BY 1, 2, 3")
        try connection.execute("COMMIT")
        try connection.checkpoint(.truncate)
    }
}
