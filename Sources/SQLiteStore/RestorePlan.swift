package import Clocks
import SQLite
import Schemas
import Store

/// What a file holds that is to be restored, and what of it would end.
package struct RestorePlan: Sendable, Equatable {
    /// When it was made; `nil` for a database that was in use.
    package var madeAt: Instant?
    /// What was written after this is not in it.
    package var since: Instant
    package var sequence: Int64
    /// The version that the file has, and the one that it gets.
    package var version: Int64
    package var newVersion: Int64
    /// The file is the database itself: nothing is copied and nothing kept aside.
    package var isInPlace: Bool
    /// A database is in the place, which is kept aside.
    package var isReplacing: Bool
    /// What would end; `nil` where a database of an earlier version is to be changed in its place.
    package var counts: RestoreCounts?
    /// Tokens that are good.
    package var tokens: Int?
}

extension Connection {
    /// What a restore at this moment would end.
    private mutating func countOfFormerLife(at now: Instant) throws(SQLiteError) -> (counts: RestoreCounts, tokens: Int)
    {
        var counts = RestoreCounts()
        counts.challenges = try count(
            """
            SELECT count(*) FROM challenge
            WHERE verified IS NULL AND closed IS NULL AND (expires > ?1 OR earlier_expires > ?1)
            """,
            .integer(now.milliseconds)
        )
        counts.cancelled = try count("SELECT count(*) FROM hot WHERE state <> 4")
        counts.givenUp = try count(
            "SELECT (SELECT count(*) FROM hot WHERE state = 4) + (SELECT count(*) FROM delivery WHERE state = 5)"
        )
        counts.replays = try count("SELECT count(*) FROM replay WHERE state = 1")
        let tokens = try count(
            "SELECT count(*) FROM token WHERE revoked IS NULL AND (expires IS NULL OR expires > ?)",
            .integer(now.milliseconds)
        )
        return (counts, tokens)
    }

    /// When the last of what stands in it was written, as far as it says; `nil` where it says nothing.
    ///
    /// Ids are in the order of time.
    private mutating func lastInstant(version: Int64) throws(SQLiteError) -> Instant? {
        var instants: [Int64?] = []
        instants.append(try first("SELECT received FROM event ORDER BY id DESC LIMIT 1", read: { $0.integer(0) }))
        instants.append(try first("SELECT created FROM delivery ORDER BY id DESC LIMIT 1", read: { $0.integer(0) }))
        if version >= 2 {
            instants.append(try first("SELECT at FROM ledger ORDER BY at DESC LIMIT 1", read: { $0.integer(0) }))
        }
        return instants.compactMap(\.self).max().map(Instant.init)
    }

    private mutating func count(_ sql: StaticString, _ value: Value...) throws(SQLiteError) -> Int {
        var count = 0
        try forEach(sql, value) { row in
            count = Int(row.integer(0))
            return false
        }
        return count
    }
}

extension Connection {
    /// What was found in a database that is to be restored.
    struct Findings {
        var madeAt: Instant?
        var since: Instant?
        var sequence: Int64
        var version: Int64
        var standing: (counts: RestoreCounts, tokens: Int)?
    }

    /// Looks whether this database can be restored, brings a draft to this program's version, and says what is in it.
    mutating func findings(isInPlace: Bool, keys: Digest, at now: Instant) throws -> Findings {
        let version = try version()
        try check("PRAGMA integrity_check(1)")
        try check(keys, version: version)
        if !isInPlace {
            try execute(
                """
                PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;
                PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768
                """
            )
            var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
            try migrate(from: version, using: &generator)
        }
        let isCurrent = !isInPlace || version == Migration.sqlite.last?.version
        let madeAt = try backupTime()
        return Findings(
            madeAt: madeAt,
            since: try madeAt ?? lastInstant(version: version),
            sequence: try meta("sequence") ?? 0,
            version: version,
            standing: isCurrent ? try countOfFormerLife(at: now) : nil
        )
    }

    /// Whether it has what a database of any version has.
    mutating func isOfGatepost() throws(SQLiteError) -> Bool {
        let tables = try first(
            """
            SELECT count(*) FROM sqlite_schema
            WHERE type = 'table' AND name IN ('meta', 'event', 'challenge', 'delivery', 'hot', 'attempt', 'timer')
            """,
            read: { $0.integer(0) }
        )
        guard tables == 7 else { return false }
        return try first("SELECT value FROM meta WHERE name = 'epoch'", read: { $0.blob(0).count }) == 16
    }
}
