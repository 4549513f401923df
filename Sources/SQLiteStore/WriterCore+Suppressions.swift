import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

extension WriterCore {
    /// See ``SuppressionStore/add(_:persons:)``.
    mutating func add(_ new: Suppression, persons: [Digest]) throws(SQLiteError) -> Suppression {
        var suppression = new
        let known = try connection.first(
            "SELECT id FROM suppression WHERE person = ? AND channel = ?",
            .blob(new.person.bytes),
            .integer(new.channel.rawValue),
            read: { SuppressionID(bytes: $0.blob(0)) }
        )?.flatMap(\.self)
        if let known {
            suppression.id = known
            _ = try removeSuppression(known, of: nil)
        }
        let tenant: Int64? = if let name = new.tenant { try tenantID(name) } else { nil }
        try connection.run(
            """
            INSERT INTO suppression (id, person, channel, tenant, reason, source, until, seal_key, sealed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(suppression.id.bytes),
            .blob(new.person.bytes),
            .integer(new.channel.rawValue),
            .optional(tenant),
            .text(new.reason),
            .text(new.source),
            .optional(new.until?.milliseconds),
            .text(new.sealed.key),
            .blob(new.sealed.bytes)
        )
        state.hasSuppressions = true
        for person in Set(persons.map(\.bytes)).union([new.person.bytes]) {
            try connection.run(
                "INSERT INTO suppressed (person, channel, suppression) VALUES (?, ?, ?)",
                .blob(person),
                .integer(new.channel.rawValue),
                .blob(suppression.id.bytes)
            )
            try endUnsent(to: person)
        }
        return suppression
    }

    /// See ``SuppressionStore/removeSuppression(_:of:)``.
    mutating func removeSuppression(_ id: SuppressionID, of tenant: TenantName?) throws(SQLiteError) -> Bool {
        let number = tenant.map { state.tenants.ids[$0.description] ?? 0 }
        let removed = try connection.run(
            "DELETE FROM suppression WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2)",
            .blob(id.bytes),
            .optional(number)
        )
        guard removed > 0 else { return false }
        try connection.run("DELETE FROM suppressed WHERE suppression = ?", .blob(id.bytes))
        return true
    }

    /// Forgets suppressions that have ended.
    mutating func forgetEndedSuppressions() throws(SQLiteError) {
        let ended = try connection.all(
            "SELECT id FROM suppression INDEXED BY suppression_until WHERE until IS NOT NULL AND until <= ? LIMIT ?",
            .integer(now.milliseconds),
            .integer(sliceSize),
            read: { SuppressionID(bytes: $0.blob(0)) }
        )
        for id in ended.compactMap(\.self) { _ = try removeSuppression(id, of: nil) }
    }

    /// The suppression of a person on a channel, by either hash.
    mutating func suppression(of leg: Submission.Leg) throws(SQLiteError) -> LegRefusal.Cause? {
        guard state.hasSuppressions else { return nil }
        return try connection.first(
            """
            SELECT reason, until FROM suppressed JOIN suppression ON suppression.id = suppressed.suppression
            WHERE suppressed.person IN (?, ?) AND suppressed.channel = ? AND (until IS NULL OR until > ?)
            ORDER BY until IS NULL DESC, until DESC LIMIT 1
            """,
            .blob(leg.person.bytes),
            .blob(leg.anyone.bytes),
            .integer(leg.channel.rawValue),
            .integer(now.milliseconds),
            read: { .suppressed(reason: $0.text(0), until: $0.optionalInteger(1).map(Instant.init)) }
        )
    }

    static let unsentToPerson: StaticString = """
        SELECT delivery.id FROM delivery INDEXED BY delivery_person
        JOIN hot ON hot.id = delivery.id AND hot.state IN (1, 2, 3)
        WHERE delivery.person = ?
        """

    private mutating func endUnsent(to person: [UInt8]) throws(SQLiteError) {
        var ids = try connection.all(
            WriterCore.unsentToPerson,
            .blob(person),
            read: { DeliveryID(bytes: $0.blob(0)) }
        )
        for (_, challenge) in try challenges(of: RowKey(person, part: 0)) {
            ids += try connection.all(
                WriterCore.unsent,
                .blob(challenge.bytes),
                read: { DeliveryID(bytes: $0.blob(0)) }
            )
        }
        for id in ids {
            guard let id, let row = try hotRow(id) else { continue }
            try retire(row.because(.suppressed), to: .dead, reason: .cancelled)
        }
    }
}

extension Connection {
    mutating func suppressions(
        of tenant: Int64?,
        after: SuppressionID?,
        limit: Int,
        at now: Instant,
        names: Names
    ) throws(SQLiteError) -> [Suppression] {
        try all(
            """
            SELECT id, person, channel, tenant, reason, source, until, seal_key, sealed FROM suppression
            WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR id < ?2) AND (until IS NULL OR until > ?3)
            ORDER BY id DESC LIMIT ?4
            """,
            .optional(tenant),
            .optional(after?.bytes),
            .integer(now.milliseconds),
            .integer(Int64(limit)),
            read: { row -> Suppression? in
                guard let id = SuppressionID(bytes: row.blob(0)), let channel = Channel(rawValue: row.integer(2)) else {
                    return nil
                }
                return Suppression(
                    id: id,
                    person: Digest(bytes: row.blob(1)),
                    channel: channel,
                    tenant: row.optionalInteger(3).flatMap { names.names[$0] }.flatMap(TenantName.init),
                    reason: row.text(4),
                    source: row.text(5),
                    until: row.optionalInteger(6).map(Instant.init),
                    sealed: SealedBytes(key: row.text(7), bytes: row.blob(8))
                )
            }
        ).compactMap(\.self)
    }
}
