import Clocks
import Deliveries
import SQLite
import Store

/// Where a round through what may be removed stands.
struct RetentionRound: Sendable {
    /// Rounds begin so long apart at the least: what a few rows are kept longer is no matter.
    static let pause: Duration = .seconds(60)

    /// The part that comes next.
    var part = 0
    /// The last row of the part's table that was looked at; empty before the first.
    var cursor: [UInt8] = []
    /// `nil` before its first step.
    var beganAt: Instant?
    var isOver = false
}

extension WriterCore {
    /// Rows that a pass through a table in the order of random keys looks at in one step.
    private static let looksPerSlice: Int64 = 2000
    /// Free pages that stay in the file, for what comes next; and as many of its pages, one of so many.
    private static let freePages: Int64 = 64
    private static let freeShare: Int64 = 10
    /// Pages that one step gives back to the disk.
    private static let vacuumPages: Int64 = 64
    /// Wrong tries say nothing any more after this: no rate counts longer.
    private static let triesCount: Duration = .seconds(86_400)

    /// See ``Housekeeping/tidy(_:)``.
    mutating func tidy(_ terms: RetentionTerms) throws(SQLiteError) -> Tidying {
        if state.retention.isOver, let began = state.retention.beganAt {
            guard now < began || now >= began + RetentionRound.pause else { return .done }
            state.retention = RetentionRound()
        }
        state.retention.beganAt = state.retention.beganAt ?? now
        let removed: Int64
        let part = state.retention.part
        switch part {
        case 0: removed = try removeDeliveries(endedBefore: now - terms.deliveries)
        case 1: removed = try removeSeen()
        case 2: removed = try removeTries()
        case 3: removed = try removeTokensAndReplays(terms)
        default: removed = try shrink()
        }
        if state.retention.cursor.isEmpty, part < 4 || removed == 0 { state.retention.part += 1 }
        guard state.retention.part <= 4 else {
            state.retention.isOver = true
            return .done
        }
        return removed > 0 ? .more : .later
    }

    /// Identities of events that may come again as new ones; their keys are random, so the whole table is passed through.
    private mutating func removeSeen() throws(SQLiteError) -> Int64 {
        let since = (now - dedupeWindow).milliseconds
        var old: [[UInt8]] = []
        try pass("SELECT identity, received FROM seen WHERE identity > ? ORDER BY identity LIMIT ?") { row in
            if row.integer(1) <= since { old.append(row.blob(0)) }
        }
        for identity in old { try connection.run("DELETE FROM seen WHERE identity = ?", .blob(identity)) }
        return Int64(old.count)
    }

    private mutating func removeTries() throws(SQLiteError) -> Int64 {
        let (full, since) = (now.nanoseconds, (now - WriterCore.triesCount).milliseconds)
        var old: [(person: [UInt8], purpose: Int64)] = []
        // The key has two columns, and the purposes of a person are few: the next step begins with the next person.
        try pass("SELECT person, purpose, full_at, updated FROM tries WHERE person > ? ORDER BY person LIMIT ?") {
            row in
            if row.integer(2) <= full, row.integer(3) <= since { old.append((row.blob(0), row.integer(1))) }
        }
        for tries in old {
            try connection.run(
                "DELETE FROM tries WHERE person = ? AND purpose = ?",
                .blob(tries.person),
                .integer(tries.purpose)
            )
        }
        return Int64(old.count)
    }

    /// Looks at one slice of a table behind the cursor, and moves it on; to the beginning after the last row.
    private mutating func pass(
        _ statement: StaticString,
        _ look: (borrowing Row) -> Void
    ) throws(SQLiteError) {
        var looks: Int64 = 0
        var last: [UInt8] = []
        let values: [Value] = [.blob(state.retention.cursor), .integer(WriterCore.looksPerSlice)]
        try connection.forEach(statement, values) { row in
            looks += 1
            last = row.blob(0)
            look(row)
            return true
        }
        state.retention.cursor = looks == WriterCore.looksPerSlice ? last : []
    }

    private mutating func removeTokensAndReplays(_ terms: RetentionTerms) throws(SQLiteError) -> Int64 {
        let tokens = try connection.run(
            """
            DELETE FROM token WHERE id IN (SELECT id FROM token WHERE revoked <= ?1 OR expires <= ?1 LIMIT ?2)
            """,
            .integer((now - terms.tokens).milliseconds),
            .integer(sliceSize)
        )
        let replays = try connection.run(
            """
            DELETE FROM replay WHERE id IN (SELECT id FROM replay WHERE id < ? AND state <> 1 ORDER BY id LIMIT ?)
            """,
            .blob(connection.lowestID(at: now - terms.deliveries)),
            .integer(sliceSize)
        )
        return Int64(tokens + replays)
    }

    /// Gives pages back to the disk that have become free, but for some that the next rows take.
    private mutating func shrink() throws(SQLiteError) -> Int64 {
        let free = try connection.first("PRAGMA freelist_count", read: { $0.integer(0) }) ?? 0
        let all = try connection.first("PRAGMA page_count", read: { $0.integer(0) }) ?? 0
        guard free > max(WriterCore.freePages, all / WriterCore.freeShare) + WriterCore.vacuumPages else { return 0 }
        try connection.run("PRAGMA incremental_vacuum(64)")
        return free - (try connection.first("PRAGMA freelist_count", read: { $0.integer(0) }) ?? free)
    }
}
