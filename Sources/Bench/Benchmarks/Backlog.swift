import SQLite

/// Rows of deliveries that wait, written into the database of a server that has ended.
struct Backlog: ~Copyable {
    /// Rows of one statement: between two of them it can be stopped.
    private static let slice: Int64 = 250_000

    private var connection: Connection
    private let stop: Stop
    /// The highest number so far, which makes the id.
    private var last: Int64 = 0

    init(database: String, stop: Stop) throws {
        self.stop = stop
        connection = try Backlog.opened(database)
    }

    private static func opened(_ database: String) throws(SQLiteError) -> Connection {
        let connection = try Connection(path: database, access: .readWrite)
        // It need not outlive the machine.
        try connection.execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; PRAGMA temp_store = MEMORY")
        // What the server accepted tells gateway, priority and tenant; all else is due after the newest of it.
        try connection.execute(
            """
            CREATE TEMP TABLE pattern AS SELECT channel, gateway, priority, tenant, max(due) AS newest FROM hot;
            CREATE TEMP TABLE mail AS SELECT id AS gateway FROM gateway WHERE name = 'mail';
            """
        )
        return connection
    }

    mutating func fill(ready: Int, delayed: Int, parked: Int) throws {
        try insert(ready) { connection, from, to throws(SQLiteError) in
            // Due after those that are claimed, and long since when the server has started.
            try connection.run(
                """
                INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
                    crashes, trial)
                WITH RECURSIVE n(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
                SELECT CAST(printf('~%015d', i) AS BLOB), 1, channel, gateway, priority, tenant, newest + 1, newest + 86400000,
                    0, 0, 0, 0, 0, 0 FROM n, pattern
                """,
                .integer(from),
                .integer(to)
            )
        }
        try insert(delayed) { connection, from, to throws(SQLiteError) in
            try connection.run(
                """
                INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried, counted,
                    crashes, trial)
                WITH RECURSIVE n(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
                SELECT CAST(printf('~%015d', i) AS BLOB), 1, channel, gateway, priority, tenant, newest + 3600000 + i / 100,
                    newest + 86400000, 0, 0, 1, 1, 0, 0 FROM n, pattern
                """,
                .integer(from),
                .integer(to)
            )
        }
        try insert(parked) { connection, from, to throws(SQLiteError) in
            try connection.run(
                """
                INSERT INTO hot (id, state, reason, channel, gateway, priority, tenant, due, send_before, fence, lease, tried,
                    counted, crashes, trial)
                WITH RECURSIVE n(i) AS (VALUES (?1) UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
                SELECT CAST(printf('~%015d', i) AS BLOB), 2, 2, 1, mail.gateway, priority, tenant, newest + 1,
                    newest + 86400000, 0, 0, 0, 0, 0, 0 FROM n, pattern, mail
                """,
                .integer(from),
                .integer(to)
            )
        }
        try connection.execute(
            """
            DELETE FROM standing;
            INSERT INTO standing SELECT tenant, channel, state, count(*) FROM hot GROUP BY 1, 2, 3;
            """
        )
        try connection.checkpoint(.truncate)
    }

    private mutating func insert(
        _ count: Int,
        _ write: (inout Connection, Int64, Int64) throws(SQLiteError) -> Void
    ) throws {
        let end = last + Int64(count)
        while last < end {
            try stop.check()
            let to = min(last + Backlog.slice, end)
            try connection.run("BEGIN IMMEDIATE")
            try write(&connection, last + 1, to)
            try connection.run("COMMIT")
            if connection.walFrames > 50_000 { _ = try connection.checkpoint(.passive) }
            last = to
        }
    }
}
