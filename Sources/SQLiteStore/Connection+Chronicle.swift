import AuthEvents
import Challenges
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension Connection {
    mutating func chronicle(_ id: DeliveryID, of tenant: TenantName?) throws(SQLiteError) -> Chronicle? {
        guard let report = try report(id, of: tenant), var chronicle = try beginning(of: report) else { return nil }
        chronicle.attempts = try attempts(of: id)
        chronicle.receipts = try receipts(of: id)
        try readNotes(into: &chronicle)
        try readChallenge(into: &chronicle)
        try readKin(into: &chronicle)
        chronicle.bookings = try bookings(of: chronicle)
        return chronicle
    }

    private mutating func beginning(of report: DeliveryReport) throws(SQLiteError) -> Chronicle? {
        try first(
            """
            SELECT event.type, event.occurred, event.received, delivery.decision, delivery.code,
                iif(hot.id IS NULL, delivery.ended, NULL), outlay.gateway, outlay.country, outlay.segments,
                outlay.encoding, outlay.amount, outlay.currency, outlay.price_version, hot.carrier, hot.attempt, hot.state
            FROM delivery JOIN event ON event.id = delivery.event
            LEFT JOIN outlay ON outlay.delivery = delivery.id
            LEFT JOIN hot ON hot.id = delivery.id
            WHERE delivery.id = ?
            """,
            .blob(report.id.bytes),
            read: { row in
                var chronicle = Chronicle(
                    report: report,
                    receivedAt: Instant(milliseconds: row.integer(2)),
                    code: row.integer(4)
                )
                chronicle.type = row.optionalText(0)
                chronicle.occurredAt = row.optionalInteger(1).map(Instant.init)
                chronicle.decision = row.optionalText(3).flatMap(Decision.init(text:))
                chronicle.endedAt = row.optionalInteger(5).map(Instant.init)
                if let gateway = row.optionalText(6), let estimate = Estimate(row, from: 7) {
                    chronicle.quote = Chronicle.Quote(gateway: gateway, estimate: estimate)
                }
                if row.integer(15) == DeliveryState.leased.rawValue, let carrier = row.optionalText(13),
                    let attempt = row.optionalBlob(14).flatMap(AttemptID.init(bytes:))
                {
                    chronicle.claim = Chronicle.Claim(carrier: carrier, at: attempt.createdAt)
                }
                return chronicle
            }
        )
    }

    /// An attempt has its id from the claim that led to it.
    private mutating func attempts(of id: DeliveryID) throws(SQLiteError) -> [Chronicle.Attempt] {
        try all(
            """
            SELECT number, attempt.id, carrier, at, gateway.name, outcome, settled, applied, code, detail, reference
            FROM attempt JOIN gateway ON gateway.id = attempt.gateway WHERE delivery = ? ORDER BY number
            """,
            .blob(id.bytes),
            read: { row in
                let at = Instant(milliseconds: row.integer(3))
                return Chronicle.Attempt(
                    number: row.integer(0),
                    claimedAt: AttemptID(bytes: row.blob(1))?.createdAt ?? at,
                    carrier: row.optionalText(2),
                    at: at,
                    gateway: row.text(4),
                    outcome: row.optionalInteger(5).flatMap(Outcome.init(rawValue:)),
                    settledAt: row.optionalInteger(6).map(Instant.init),
                    isLate: row.integer(7) == 1,
                    code: row.optionalText(8),
                    detail: row.optionalText(9),
                    gatewayReference: row.optionalText(10)
                )
            }
        )
    }

    private mutating func receipts(of id: DeliveryID) throws(SQLiteError) -> [Chronicle.Receipt] {
        try all(
            "SELECT at, attempt, state, code FROM receipt WHERE delivery = ? ORDER BY at, attempt, number",
            .blob(id.bytes),
            read: { row in
                ReceiptState(rawValue: row.integer(2)).map {
                    Chronicle.Receipt(
                        at: Instant(milliseconds: row.integer(0)),
                        attempt: row.integer(1),
                        state: $0,
                        code: row.optionalText(3)
                    )
                }
            }
        ).compactMap(\.self)
    }

    private mutating func readNotes(into chronicle: inout Chronicle) throws(SQLiteError) {
        let notes = try all(
            "SELECT number, at, facts FROM note WHERE delivery = ? ORDER BY number",
            .blob(chronicle.report.id.bytes),
            read: { row in
                (
                    number: row.integer(0),
                    note: DeliveryNote(text: row.text(2), at: Instant(milliseconds: row.integer(1)))
                )
            }
        )
        chronicle.notes = notes.compactMap(\.note)
        chronicle.lostNotes = (notes.last?.number ?? 0) - Int64(notes.count)
    }

    private mutating func readChallenge(into chronicle: inout Chronicle) throws(SQLiteError) {
        guard let id = chronicle.report.challenge, let row = try challenge(id) else { return }
        let group = try group(of: row).map(\.challenge)
        chronicle.challenge = row.challenge
        chronicle.group = group.count > 1 ? group.map(\.id).sorted() : []
        chronicle.verified = group.first { $0.verifiedAt != nil }?.id
    }
}
