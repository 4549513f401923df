import AuthEvents
import Clocks
import Deliveries
import SQLite
import Store

/// A delivery that may be removed, as far as that depends on it.
private struct EndedDelivery {
    let id: [UInt8]
    let event: [UInt8]
    let challenge: [UInt8]
    let tenant: Int64
    let channel: Channel
    let state: DeliveryState

    init?(_ row: borrowing Row) {
        guard let channel = Channel(rawValue: row.integer(4)), let state = DeliveryState(rawValue: row.integer(5))
        else {
            return nil
        }
        (id, event, challenge) = (row.blob(0), row.blob(1), row.blob(2))
        (tenant, self.channel, self.state) = (row.integer(3), channel, state)
    }
}

extension WriterCore {
    static let oldest: StaticString = """
        SELECT id, event, challenge, tenant, channel, state FROM delivery WHERE id > ? AND id < ? ORDER BY id LIMIT ?
        """
    static let siblings: StaticString = """
        SELECT id, event, challenge, tenant, channel, state FROM delivery INDEXED BY delivery_challenge
        WHERE challenge = ? ORDER BY id
        """
    static let hasTimer: StaticString = "SELECT 1 FROM timer INDEXED BY timer_delivery WHERE delivery = ?"

    /// Removes one slice of deliveries that were accepted before an instant and have ended, the oldest first: ids are in
    /// order of time.
    ///
    /// A challenge goes with all of its deliveries at once, an event with the last of them. What still moves, is unknown,
    /// waits for a receipt or belongs to an open challenge stays, and whatever belongs to it.
    mutating func removeDeliveries(endedBefore end: Instant) throws(SQLiteError) -> Int64 {
        let bound = connection.lowestID(at: end)
        let rows = try connection.all(
            WriterCore.oldest,
            .blob(state.retention.cursor),
            .blob(bound),
            .integer(sliceSize),
            read: EndedDelivery.init
        )
        var slice = Slice()
        var removed: Int64 = 0
        for row in rows {
            guard !slice.isFull else { return removed }
            slice.take()
            guard let row else { throw .damage("a delivery has an unknown state or channel") }
            state.retention.cursor = row.id
            removed += try remove(row, olderThan: bound)
        }
        if rows.count < Int(sliceSize) { state.retention.cursor = [] }
        return removed
    }

    /// Returns how many deliveries went; none where something of the challenge has to stay.
    private mutating func remove(_ row: EndedDelivery, olderThan bound: [UInt8]) throws(SQLiteError) -> Int64 {
        guard row.state.rawValue > DeliveryState.unknown.rawValue else { return 0 }
        let challenge = ChallengeID(bytes: row.challenge)
        let siblings =
            challenge == nil
            ? [row]
            : try connection.all(WriterCore.siblings, .blob(row.challenge), read: EndedDelivery.init).compactMap(\.self)
        // Of a challenge that went with an earlier row of this slice nothing is left.
        guard siblings.contains(where: { $0.id == row.id }) else { return 0 }
        for sibling in siblings {
            guard sibling.state.rawValue > DeliveryState.unknown.rawValue,
                sibling.id.lexicographicallyPrecedes(bound),
                try connection.first(WriterCore.hasTimer, .blob(sibling.id), read: { _ in true }) == nil
            else { return 0 }
        }
        if let challenge {
            guard try !isOpen(challenge) else { return 0 }
            try keepVerified(challenge)
            try removeFromPerson(challenge)
            try connection.run("DELETE FROM challenge WHERE id = ?", .blob(challenge.bytes))
        }
        for sibling in siblings { try removeWithItsOwn(sibling) }
        for event in Set(siblings.map(\.event)) {
            try connection.run(
                """
                DELETE FROM event WHERE id = ?1 AND NOT EXISTS (
                    SELECT 1 FROM delivery INDEXED BY delivery_event WHERE delivery.event = ?1)
                """,
                .blob(event)
            )
        }
        return Int64(siblings.count)
    }

    private mutating func removeFromPerson(_ challenge: ChallengeID) throws(SQLiteError) {
        let key = try connection.first(
            "SELECT person, purpose FROM challenge WHERE id = ?",
            .blob(challenge.bytes),
            read: { RowKey($0.blob(0), part: UInt32($0.integer(1))) }
        )
        if let key { try part(challenge, from: key) }
    }

    private mutating func isOpen(_ challenge: ChallengeID) throws(SQLiteError) -> Bool {
        try connection.first(
            """
            SELECT 1 FROM challenge
            WHERE id = ? AND verified IS NULL AND closed IS NULL AND tries > 0 AND expires > ?
            """,
            .blob(challenge.bytes),
            .integer(now.milliseconds),
            read: { _ in true }
        ) ?? false
    }

    private mutating func removeWithItsOwn(_ delivery: EndedDelivery) throws(SQLiteError) {
        let id = Value.blob(delivery.id)
        // A report of the time in which the bill came asks for it.
        try connection.run(
            """
            INSERT OR REPLACE INTO removed_attempt (delivery, number, at, amount, currency)
            SELECT delivery, number, at, amount, currency FROM attempt
            WHERE delivery = ? AND price IS NOT NULL AND committed IS NOT NULL
            """,
            id
        )
        try connection.run("DELETE FROM attempt WHERE delivery = ?", id)
        try connection.run("DELETE FROM receipt WHERE delivery = ?", id)
        try connection.run("DELETE FROM outlay WHERE delivery = ?", id)
        try connection.run("DELETE FROM note WHERE delivery = ?", id)
        try connection.run("DELETE FROM delivery WHERE id = ?", id)
        state.counts.move(delivery.tenant, delivery.channel, from: delivery.state, to: nil)
    }

    /// Keeps what reports count of a challenge that was verified after an SMS: see ``Connection/spend(_:)``.
    private mutating func keepVerified(_ challenge: ChallengeID) throws(SQLiteError) {
        try connection.run(
            """
            INSERT OR IGNORE INTO removed_verified (verified, challenge, tenant, purpose, country, gateway, currency)
            SELECT challenge.verified, challenge.id, challenge.tenant, challenge.purpose, outlay.country,
                attempt.gateway, attempt.currency
            FROM challenge
            JOIN attempt ON (attempt.delivery, attempt.number) = (
                SELECT paid.delivery, paid.number FROM delivery INDEXED BY delivery_challenge
                JOIN attempt paid ON paid.delivery = delivery.id
                WHERE delivery.challenge = challenge.id AND paid.committed IS NOT NULL
                ORDER BY paid.delivery DESC, paid.number DESC LIMIT 1)
            JOIN outlay ON outlay.delivery = attempt.delivery
            WHERE challenge.id = ? AND challenge.verified IS NOT NULL
            """,
            .blob(challenge.bytes)
        )
    }
}
