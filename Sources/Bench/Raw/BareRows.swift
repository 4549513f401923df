import SQLite

/// The rows that one accepted text has in the database, written again and again under other keys.
///
/// They are copied from an event that the server accepted, so that they are as large as its own; there is no reading, no
/// judging and no sealing in between.
struct BareRows: ~Copyable {
    private var connection: Connection
    private var number: Int64 = 0
    /// What one event leaves in `recent`: one row a transaction.
    private let recentBytes: Int
    private var generator = SystemRandomNumberGenerator()

    /// `database`: Of a server that has ended, with one event in it.
    init(database: String) throws {
        var opened = try BareRows.opened(database)
        recentBytes = try opened.first("SELECT length(entries) FROM recent", read: { Int($0.integer(0)) }) ?? 0
        connection = opened
    }

    private static func opened(_ database: String) throws(SQLiteError) -> Connection {
        let connection = try Connection(path: database, access: .readWrite)
        // As the server has them.
        try connection.execute(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -10240; PRAGMA journal_size_limit = 67108864;
            """
        )
        for table in ["event", "challenge", "delivery", "hot", "outlay", "ledger"] {
            try connection.execute("CREATE TEMP TABLE one_\(table) AS SELECT * FROM main.\(table) LIMIT 1")
        }
        return connection
    }

    /// Writes so many events in one transaction; copies the log back where the server would.
    mutating func write(events: Int) throws {
        try connection.run("BEGIN IMMEDIATE")
        for _ in 0..<events { try writeEvent() }
        try connection.run(
            "INSERT INTO recent (entries) VALUES (?)",
            .blob([UInt8](repeating: 0x5a, count: recentBytes * events))
        )
        try connection.run("UPDATE spend SET reserved = reserved + ?", .integer(Int64(events) * 10_000))
        try connection.run("UPDATE standing SET number = number + ?", .integer(Int64(events)))
        try connection.run("UPDATE meta SET value = value + 1 WHERE name = 'sequence'")
        try connection.run("COMMIT")
    }

    /// Copies the log back where it has as many frames as the server's may have.
    mutating func copyBack() throws {
        if connection.walFrames >= 2048 { _ = try connection.checkpoint(.passive) }
    }

    private mutating func writeEvent() throws {
        if number == 0 {
            number = try connection.first("SELECT max(sequence) FROM ledger", read: { $0.integer(0) }) ?? 0
        }
        number += 1
        // As UUIDv7: in order of time.
        let id = Value.blob(withBytes(of: UInt64(number).bigEndian) + [UInt8](repeating: 0x70, count: 8))
        try connection.run(
            """
            INSERT INTO event (id, tenant, purpose, name, source, locale, subject, content, received, seal_key, sealed, type)
            SELECT ?1, tenant, purpose, name, source, locale, subject, content, received, seal_key, sealed, type FROM one_event
            """,
            id
        )
        try connection.run(
            """
            INSERT INTO challenge (id, event, tenant, purpose, channel, person, code_key, digits, codes, issued, expires, tries,
                sends, sent)
            SELECT ?1, ?1, tenant, purpose, channel, ?2, code_key, digits, codes, issued, expires, tries, sends, sent
            FROM one_challenge
            """,
            id,
            random()
        )
        try connection.run(
            """
            INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
                accepted_parked, state, gateway, slots, decision)
            SELECT ?1, ?1, ?1, code, tenant, purpose, channel, created, send_before, expires, accepted_parked, state, gateway,
                slots, decision FROM one_delivery
            """,
            id
        )
        try connection.run(
            """
            INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
                crashes, trial)
            SELECT ?1, state, channel, gateway, priority, tenant, due + ?2, send_before, fence, lease, tried, counted, crashes,
                trial FROM one_hot
            """,
            id,
            .integer(number)
        )
        try connection.run(
            """
            INSERT INTO outlay (delivery, tenant, purpose, country, segments, encoding, amount, currency, price_version, gateway,
                gateways, reserved, reserved_currency, period)
            SELECT ?1, tenant, purpose, country, segments, encoding, amount, currency, price_version, gateway, gateways, reserved,
                reserved_currency, period FROM one_outlay
            """,
            id
        )
        try connection.run(
            """
            INSERT INTO ledger (writer, sequence, at, kind, delivery, tenant, purpose, country, segments, amount, currency,
                price_version, previous, hash)
            SELECT writer, ?2, at, kind, ?1, tenant, purpose, country, segments, amount, currency, price_version, previous, hash
            FROM one_ledger
            """,
            id,
            .integer(number)
        )
    }

    private mutating func random() -> Value { .blob(withBytes(of: generator.next()) + withBytes(of: generator.next())) }

    private func withBytes(of number: UInt64) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
}
