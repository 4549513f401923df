import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// Writes refusals, and forgets a slice of those that are too old and all that are too many.
    mutating func keep(_ refusals: [KeptRefusal]) throws(SQLiteError) {
        for refusal in refusals {
            state.refusals += Int64(
                try connection.run(
                    "INSERT OR IGNORE INTO refusal (id, tenant, story) VALUES (?, ?, ?)",
                    .blob(refusal.id.bytes),
                    .text(refusal.tenant.description),
                    .text(refusal.story)
                )
            )
        }
        // The key is in order of time, so the first that is young enough tells which ones are not.
        let youngEnough = now - stories.refusalLife + .milliseconds(1)
        try forgetRefusals(before: connection.lowestID(at: youngEnough), atMost: sliceSize)
        let excess = state.refusals - stories.refusals
        if excess > 0 {
            try forgetRefusals(before: [UInt8](repeating: 0xff, count: 16), atMost: excess)
        }
    }

    static let oldestRefusals: StaticString = """
        DELETE FROM refusal WHERE id IN (SELECT id FROM refusal WHERE id < ? ORDER BY id LIMIT ?)
        """

    private mutating func forgetRefusals(before id: [UInt8], atMost count: Int64) throws(SQLiteError) {
        state.refusals -= Int64(try connection.run(WriterCore.oldestRefusals, .blob(id), .integer(count)))
    }
}

extension Connection {
    mutating func refusal(
        _ id: RefusalID,
        of tenant: TenantName?
    ) throws(SQLiteError) -> KeptRefusal? {
        try first(
            "SELECT tenant, story FROM refusal WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2)",
            .blob(id.bytes),
            .optional(tenant?.description),
            read: { row in
                TenantName(row.text(0)).map { KeptRefusal(id: id, tenant: $0, story: row.text(1)) }
            }
        )?.flatMap(\.self)
    }

    mutating func countOfRefusals() throws(SQLiteError) -> Int64 {
        try first("SELECT count(*) FROM refusal", read: { $0.integer(0) }) ?? 0
    }
}
