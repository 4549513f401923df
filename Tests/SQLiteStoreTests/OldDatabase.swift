import AuthEvents
import Clocks
import Deliveries
import SQLite
import Schemas
import Store
import TestSupport
import Testing

@testable import SQLiteStore

/// A database as an earlier version left it: a mail that waits, and one whose carrier died with it.
struct OldDatabase {
    let folder: TemporaryFolder
    let stationery = Stationery()
    let ready: Submission
    let unknown: Submission

    init(version: Int64) throws {
        let time = ManualTime()
        folder = try TemporaryFolder()
        ready = stationery.submission(Letter(to: "bobby"), at: time.now())
        unknown = stationery.submission(Letter(to: "carol"), at: time.now())
        var connection = try Connection(path: folder.file("post.db"), access: .readWrite)
        for step in Migration.sqlite where step.version <= version {
            try connection.execute("\(step.script); PRAGMA user_version = \(step.version)")
        }
        try connection.setMeta("epoch", .blob(Array(repeating: 7, count: 16)))
        try connection.setMeta("sequence", .integer(12))
        try connection.setMeta("fence", .integer(WriterState.fenceBlock))
        try connection.setMeta("boot", .text(time.bootID))
        try connection.execute(
            """
            INSERT INTO tenant (id, name) VALUES (1, 'default');
            INSERT INTO gateway (id, name) VALUES (1, 'mail-main'), (2, 'mail-backup'), (3, 'sms-main');
            """
        )
        try connection.run(
            "INSERT INTO token (id, hash, scopes, gateways, created) VALUES ('tk_1', ?, 'events,codes', '', ?)",
            .blob(Digest(of: "token").bytes),
            .integer(time.now().milliseconds)
        )
        try insert(ready, state: .ready, at: time.now(), in: &connection)
        try insert(unknown, state: .unknown, at: time.now(), in: &connection)
        // Later ones count the rows of before as they are brought to it.
        if version >= 11 { try connection.execute("INSERT INTO standing VALUES (1, 1, 1, 1), (1, 1, 5, 1)") }
    }

    /// Writes what these versions wrote for an accepted mail, or for one whose carrier died with it.
    private func insert(
        _ submission: Submission,
        state: DeliveryState,
        at now: Instant,
        in connection: inout Connection
    ) throws {
        let leg = try #require(submission.legs.first)
        let tried: Int64 = state == .unknown ? 1 : 0
        let challenge = try #require(leg.proof.challenge)
        let expires = now + challenge.life
        try connection.run(
            """
            INSERT INTO event (id, tenant, purpose, name, source, locale, content, received, seal_key, sealed)
            VALUES (?, 1, 1, ?, '/tests', 'en', ?, ?, 'seal-1', ?)
            """,
            .blob(submission.event.bytes),
            .text(submission.name),
            .blob(submission.content.bytes),
            .integer(now.milliseconds),
            .blob(submission.sealed.bytes)
        )
        try connection.run(
            "INSERT INTO seen (identity, event, received) VALUES (?, ?, ?)",
            .blob(submission.identity.bytes),
            .blob(submission.event.bytes),
            .integer(now.milliseconds)
        )
        try connection.run(
            """
            INSERT INTO challenge (id, event, tenant, purpose, channel, person, code_key, digits, codes, issued, expires,
                tries)
            VALUES (?, ?, 1, 1, 1, ?, 'code-1', 6, 1, ?, ?, 5)
            """,
            .blob(challenge.id.bytes),
            .blob(submission.event.bytes),
            .blob(leg.person.bytes),
            .integer(now.milliseconds),
            .integer(expires.milliseconds)
        )
        try connection.run(
            """
            INSERT INTO delivery (id, event, challenge, code, tenant, purpose, channel, created, send_before, expires,
                accepted_parked, state, gateway, fence, tried, counted)
            VALUES (?1, ?2, ?3, 1, 1, 1, 1, ?4, ?5, ?6, 0, ?7, 1, ?8, ?8, ?8)
            """,
            .blob(leg.delivery.bytes),
            .blob(submission.event.bytes),
            .blob(challenge.id.bytes),
            .integer(now.milliseconds),
            .integer((expires - leg.minimumLife).milliseconds),
            .integer(expires.milliseconds),
            .integer(state.rawValue),
            .integer(tried)
        )
        if state == .unknown {
            try connection.run(
                "INSERT INTO attempt (delivery, number, id, at, gateway, fence, outcome) VALUES (?1, 1, ?1, ?2, 1, 1, 5)",
                .blob(leg.delivery.bytes),
                .integer(now.milliseconds)
            )
            try connection.run(
                "INSERT INTO timer (due, delivery, lease) VALUES (?, ?, 0)",
                .integer((now + .seconds(60)).milliseconds),
                .blob(leg.delivery.bytes)
            )
        } else {
            try connection.run(
                """
                INSERT INTO hot (id, state, channel, gateway, priority, tenant, due, send_before, fence, lease, tried,
                    counted, crashes, trial)
                VALUES (?, 1, 1, 1, 2, 1, ?, ?, 0, 0, 0, 0, 0, 0)
                """,
                .blob(leg.delivery.bytes),
                .integer(now.milliseconds),
                .integer((expires - leg.minimumLife).milliseconds)
            )
        }
    }
}
