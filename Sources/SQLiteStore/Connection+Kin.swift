import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension Connection {
    /// Looks for the deliveries before and after one, of its challenge or, without one, of its event and address.
    mutating func readKin(into chronicle: inout Chronicle) throws(SQLiteError) {
        let report = chronicle.report
        let later = try later(than: report)
        chronicle.later = later.first
        chronicle.replayed = later.first { $0.replay != nil }
        if report.replay != nil { chronicle.origin = try earlier(than: report) }
    }

    /// Few: each cost its sender a wait, or a replay.
    private mutating func later(than report: DeliveryReport) throws(SQLiteError) -> [Chronicle.Kin] {
        guard let challenge = report.challenge else {
            return try all(
                """
                SELECT delivery.id, event.name, delivery.replay, delivery.created
                FROM delivery INDEXED BY delivery_event JOIN event ON event.id = delivery.event
                WHERE delivery.event = ?1 AND delivery.id > ?2 AND delivery.channel = ?3 AND delivery.previous = ?4
                    AND delivery.challenge = x''
                ORDER BY delivery.id LIMIT 100
                """,
                .blob(report.event.bytes),
                .blob(report.id.bytes),
                .integer(report.channel.rawValue),
                .integer(report.isPrevious ? 1 : 0),
                read: Chronicle.Kin.init
            ).compactMap(\.self)
        }
        return try all(
            """
            SELECT delivery.id, event.name, delivery.replay, delivery.created
            FROM delivery INDEXED BY delivery_challenge JOIN event ON event.id = delivery.event
            WHERE delivery.challenge = ?1 AND delivery.id > ?2 ORDER BY delivery.id LIMIT 100
            """,
            .blob(challenge.bytes),
            .blob(report.id.bytes),
            read: Chronicle.Kin.init
        ).compactMap(\.self)
    }

    private mutating func earlier(than report: DeliveryReport) throws(SQLiteError) -> Chronicle.Kin? {
        guard let challenge = report.challenge else {
            return try first(
                """
                SELECT delivery.id, event.name, delivery.replay, delivery.created
                FROM delivery INDEXED BY delivery_event JOIN event ON event.id = delivery.event
                WHERE delivery.event = ?1 AND delivery.id < ?2 AND delivery.channel = ?3 AND delivery.previous = ?4
                    AND delivery.challenge = x''
                ORDER BY delivery.id DESC LIMIT 1
                """,
                .blob(report.event.bytes),
                .blob(report.id.bytes),
                .integer(report.channel.rawValue),
                .integer(report.isPrevious ? 1 : 0),
                read: Chronicle.Kin.init
            )?.flatMap(\.self)
        }
        return try first(
            """
            SELECT delivery.id, event.name, delivery.replay, delivery.created
            FROM delivery INDEXED BY delivery_challenge JOIN event ON event.id = delivery.event
            WHERE delivery.challenge = ?1 AND delivery.id < ?2 ORDER BY delivery.id DESC LIMIT 1
            """,
            .blob(challenge.bytes),
            .blob(report.id.bytes),
            read: Chronicle.Kin.init
        )?.flatMap(\.self)
    }

    /// The ledger's entries of a delivery.
    ///
    /// They have no index of their own: each was written when something else was, which is known by now.
    mutating func bookings(of chronicle: Chronicle) throws(SQLiteError) -> [Chronicle.Booking] {
        guard chronicle.quote != nil else { return [] }
        var times: Set<Instant> = [chronicle.report.createdAt]
        times.formUnion(chronicle.attempts.flatMap { [$0.at, $0.settledAt].compactMap(\.self) })
        times.formUnion(chronicle.receipts.map(\.at))
        times.formUnion(chronicle.notes.map(\.at))
        times.formUnion([chronicle.endedAt].compactMap(\.self))
        var bookings: [Chronicle.Booking] = []
        for time in times.sorted() {
            bookings += try all(
                """
                SELECT at, kind, attempt, gateway, segments, amount, currency, price_version
                FROM ledger INDEXED BY ledger_at WHERE at = ? AND delivery = ? ORDER BY at, writer, sequence
                """,
                .integer(time.milliseconds),
                .blob(chronicle.report.id.bytes),
                read: Chronicle.Booking.init
            ).compactMap(\.self)
        }
        return bookings
    }
}

extension Chronicle.Kin {
    fileprivate init?(_ row: borrowing Row) {
        guard let id = DeliveryID(bytes: row.blob(0)) else { return nil }
        self.init(
            delivery: id,
            event: row.text(1),
            replay: row.optionalBlob(2).flatMap(ReplayID.init(bytes:)),
            at: Instant(milliseconds: row.integer(3))
        )
    }
}

extension Chronicle.Booking {
    fileprivate init?(_ row: borrowing Row) {
        guard let kind = LedgerKind(rawValue: row.text(1)), let amount = Money(row, from: 5) else { return nil }
        self.init(
            at: Instant(milliseconds: row.integer(0)),
            kind: kind,
            attempt: row.optionalInteger(2),
            gateway: row.optionalText(3),
            segments: row.integer(4),
            amount: amount,
            priceVersion: row.optionalText(7)
        )
    }
}
