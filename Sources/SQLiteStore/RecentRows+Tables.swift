import AuthEvents
import Clocks
import Limits
import SQLite

/// What was accepted within the dedupe window, by the event's identity.
struct SeenRow: MemtableRow {
    var event: EventID
    var received: Instant

    static let bytes = 24

    func log(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: received.milliseconds)
        bytes.append(event)
    }

    init(event: EventID, received: Instant) {
        (self.event, self.received) = (event, received)
    }

    init?(logged: ArraySlice<UInt8>) {
        guard logged.count == SeenRow.bytes, let event = EventID(bytes: Array(logged.dropFirst(8))) else { return nil }
        self.init(event: event, received: Instant(milliseconds: fromBigEndian(logged.prefix(8))))
    }

    static func read(_ key: RowKey, from connection: inout Connection) throws(SQLiteError) -> SeenRow? {
        try connection.first(
            "SELECT event, received FROM seen WHERE identity = ?",
            .blob(key.digest),
            read: { row in
                EventID(bytes: row.blob(0)).map {
                    SeenRow(event: $0, received: Instant(milliseconds: row.integer(1)))
                }
            }
        )?.flatMap(\.self)
    }

    func write(_ key: RowKey, to connection: inout Connection, at now: Instant) throws(SQLiteError) {
        try connection.run(
            "INSERT OR REPLACE INTO seen (identity, event, received) VALUES (?, ?, ?)",
            .blob(key.digest),
            .id(event),
            .integer(received.milliseconds)
        )
    }
}

/// The newest challenges of a person and purpose, which is the key's part, in no order.
struct PersonRow: MemtableRow {
    /// Those that are read from the table; all others are older.
    static let read: Int64 = 16
    /// From so many on they are written into the table at once.
    static let most = 64

    /// Nearly all persons have one.
    private var first: ChallengeID
    private var others: [ChallengeID]

    var challenges: [ChallengeID] { [first] + others }

    /// `challenges`: At least one.
    init?(challenges: [ChallengeID]) {
        guard let first = challenges.first else { return nil }
        (self.first, others) = (first, Array(challenges.dropFirst()))
    }

    mutating func add(_ challenge: ChallengeID) {
        others.append(challenge)
    }

    func log(to bytes: inout [UInt8]) {
        bytes.append(first)
        for other in others { bytes.append(other) }
    }

    init?(logged: ArraySlice<UInt8>) {
        let starts = stride(from: logged.startIndex, to: logged.endIndex, by: 16)
        self.init(challenges: starts.compactMap { ChallengeID(bytes: Array(logged[$0...].prefix(16))) })
    }

    static let newest: StaticString = """
        SELECT challenge FROM person_challenge WHERE person = ? AND purpose = ? ORDER BY challenge DESC LIMIT ?
        """

    static func read(_ key: RowKey, from connection: inout Connection) throws(SQLiteError) -> PersonRow? {
        let challenges = try connection.all(
            newest,
            .blob(key.digest),
            .integer(Int64(key.part)),
            .integer(read),
            read: { ChallengeID(bytes: $0.blob(0)) }
        )
        return PersonRow(challenges: challenges.compactMap(\.self))
    }

    func write(_ key: RowKey, to connection: inout Connection, at now: Instant) throws(SQLiteError) {
        for challenge in challenges {
            try connection.run(
                "INSERT OR IGNORE INTO person_challenge (person, purpose, challenge) VALUES (?, ?, ?)",
                .blob(key.digest),
                .integer(Int64(key.part)),
                .id(challenge)
            )
        }
    }
}

/// A token bucket of a limit; the key's part is the limit's name.
struct BucketRow: MemtableRow {
    var bucket: TokenBucket

    static let bytes = 16

    init(_ bucket: TokenBucket) {
        self.bucket = bucket
    }

    func log(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: bucket.fullAt)
        bytes.append(bigEndian: bucket.since)
    }

    init?(logged: ArraySlice<UInt8>) {
        guard logged.count == BucketRow.bytes else { return nil }
        bucket = TokenBucket(fullAt: fromBigEndian(logged.prefix(8)), since: fromBigEndian(logged.dropFirst(8)))
    }

    static func read(_ key: RowKey, from connection: inout Connection) throws(SQLiteError) -> BucketRow? {
        try connection.first(
            "SELECT full_at, since FROM bucket WHERE id = ?",
            .blob(key.all),
            read: { BucketRow(TokenBucket(fullAt: $0.integer(0), since: $0.integer(1))) }
        )
    }

    /// One that is full again is as if nobody had ever taken anything.
    func write(_ key: RowKey, to connection: inout Connection, at now: Instant) throws(SQLiteError) {
        guard bucket.fullAt > now.nanoseconds else {
            try connection.run("DELETE FROM bucket WHERE id = ?", .blob(key.all))
            return
        }
        try connection.run(
            """
            INSERT INTO bucket (id, full_at, since) VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET full_at = excluded.full_at, since = excluded.since
            """,
            .blob(key.all),
            .integer(bucket.fullAt),
            .integer(bucket.since)
        )
    }
}
