import AuthEvents
import Clocks
import Deliveries
import SQLite
import Spend
import Store

extension Connection {
    mutating func report(
        _ id: DeliveryID,
        of tenant: TenantName?,
        outlook: UnknownOutlook = UnknownOutlook()
    ) throws(SQLiteError) -> DeliveryReport? {
        var filter = DeliveryFilter(limit: 1)
        filter.tenant = tenant
        guard var report = try reports(filter, only: id, outlook).first else { return nil }
        report.attempts = try all(
            """
            SELECT number, at, gateway.name, outcome, code, detail, reference
            FROM attempt JOIN gateway ON gateway.id = attempt.gateway WHERE delivery = ? ORDER BY number
            """,
            .blob(id.bytes),
            read: { row in
                DeliveryReport.Attempt(
                    number: row.integer(0),
                    at: Instant(milliseconds: row.integer(1)),
                    gateway: row.text(2),
                    outcome: row.optionalInteger(3).flatMap(Outcome.init(rawValue:)),
                    code: row.optionalText(4),
                    detail: row.optionalText(5),
                    gatewayReference: row.optionalText(6)
                )
            }
        )
        report.receipts = try all(
            "SELECT at, state, code FROM receipt WHERE delivery = ? ORDER BY at, attempt, number",
            .blob(id.bytes),
            read: { row in
                ReceiptState(rawValue: row.integer(1)).map {
                    DeliveryReport.Receipt(
                        at: Instant(milliseconds: row.integer(0)),
                        state: $0,
                        code: row.optionalText(2)
                    )
                }
            }
        ).compactMap(\.self)
        return report
    }

    mutating func page(_ filter: DeliveryFilter, outlook: UnknownOutlook) throws(SQLiteError) -> DeliveryPage {
        var wider = filter
        wider.limit += 1
        let items = try reports(wider, outlook)
        let isMore = items.count > filter.limit
        return DeliveryPage(items: Array(items.prefix(filter.limit)), next: isMore ? items[filter.limit - 1].id : nil)
    }

    /// Newest first along the primary key: ids are in order of time, so a page costs what it skips and shows.
    mutating func reports(
        _ filter: DeliveryFilter,
        only id: DeliveryID? = nil,
        _ outlook: UnknownOutlook
    ) throws(SQLiteError) -> [DeliveryReport] {
        let since = filter.since.map { lowestID(at: $0) } ?? [UInt8](repeating: 0, count: 16)
        let until = filter.until.map { lowestID(at: $0) } ?? [UInt8](repeating: 0xff, count: 16)
        return try all(
            """
            SELECT d.id, d.event, event.name, d.challenge, d.purpose, d.channel, tenant.name, event.seal_key,
                event.sealed, event.locale, coalesce(hot.state, d.state), iif(hot.id IS NULL, d.reason, hot.reason),
                gateway.name, d.created, d.send_before, d.expires, outlay.country,
                coalesce(last.segments, outlay.segments), outlay.encoding, coalesce(last.amount, outlay.amount),
                coalesce(last.currency, outlay.currency), coalesce(last.price_version, outlay.price_version),
                billed.price, billed.price_currency, d.previous, d.replay, timer.step, timer.due, timer.asked, d.counted
            FROM delivery d
            JOIN event ON event.id = d.event
            JOIN tenant ON tenant.id = d.tenant
            LEFT JOIN hot ON hot.id = d.id
            JOIN gateway ON gateway.id = coalesce(hot.gateway, d.gateway)
            LEFT JOIN timer ON d.state = 5 AND timer.delivery = d.id
            LEFT JOIN outlay ON outlay.delivery = d.id
            LEFT JOIN attempt last ON last.delivery = d.id AND outlay.delivery IS NOT NULL AND last.number =
                (SELECT max(number) FROM attempt WHERE attempt.delivery = d.id AND amount IS NOT NULL)
            LEFT JOIN attempt billed ON billed.delivery = d.id AND outlay.delivery IS NOT NULL AND billed.number =
                (SELECT max(number) FROM attempt WHERE attempt.delivery = d.id AND price IS NOT NULL)
            WHERE d.id >= ?1 AND d.id <= ?2 AND (?3 IS NULL OR d.id < ?3) AND (?4 IS NULL OR d.id = ?4)
                AND (?5 IS NULL OR tenant.name = ?5) AND (?6 IS NULL OR coalesce(hot.state, d.state) = ?6)
                AND (?7 IS NULL OR iif(hot.id IS NULL, d.reason, hot.reason) = ?7) AND (?8 IS NULL OR d.purpose = ?8)
                AND (?9 IS NULL OR d.channel = ?9) AND (?10 IS NULL OR gateway.name = ?10)
                AND (?11 IS NULL OR event.name = ?11) AND (?12 IS NULL OR d.challenge = ?12)
                AND (?13 IS NULL OR event.subject = ?13) AND (?14 IS NULL OR outlay.country = ?14)
                AND (?15 IS NULL OR d.replay = ?15)
            ORDER BY d.id DESC LIMIT ?16
            """,
            .blob(id?.bytes ?? since),
            .blob(id?.bytes ?? until),
            .optional(filter.after?.bytes),
            .optional(id?.bytes),
            .optional(filter.tenant?.description),
            .optional(filter.state?.rawValue),
            .optional(filter.reason?.rawValue),
            .optional(filter.purpose?.rawValue),
            .optional(filter.channel?.rawValue),
            .optional(filter.gateway),
            .optional(filter.event),
            .optional(filter.challenge?.bytes),
            .optional(filter.subject?.bytes),
            .optional(filter.country),
            .optional(filter.replay?.bytes),
            .integer(Int64(filter.limit)),
            read: { DeliveryReport($0, outlook) }
        ).compactMap(\.self)
    }

    /// The first id that could be made at an instant.
    func lowestID(at instant: Instant) -> [UInt8] {
        (0..<6).map { UInt8(truncatingIfNeeded: instant.milliseconds >> (40 - 8 * $0)) }
            + [UInt8](repeating: 0, count: 10)
    }
}

extension DeliveryReport {
    fileprivate init?(_ row: borrowing Row, _ outlook: UnknownOutlook) {
        guard let id = DeliveryID(bytes: row.blob(0)), let event = EventID(bytes: row.blob(1)),
            let purpose = Purpose(rawValue: row.integer(4)), let channel = Channel(rawValue: row.integer(5)),
            let tenant = TenantName(row.text(6)), let state = DeliveryState(rawValue: row.integer(10))
        else { return nil }
        self.init(
            id: id,
            event: event,
            eventName: row.text(2),
            challenge: ChallengeID(bytes: row.blob(3)),
            purpose: purpose,
            channel: channel,
            tenant: tenant,
            sealed: SealedBytes(key: row.text(7), bytes: row.blob(8)),
            isPrevious: row.integer(24) != 0,
            locale: row.optionalText(9),
            state: state,
            reason: row.optionalInteger(11).flatMap(Reason.init(rawValue:)),
            gateway: row.text(12),
            attempts: [],
            createdAt: Instant(milliseconds: row.integer(13)),
            sendBefore: Instant(milliseconds: row.integer(14)),
            expiresAt: Instant(milliseconds: row.integer(15)),
            estimate: Estimate(row, from: 16),
            price: row.optionalInteger(22).flatMap { micros in
                row.optionalText(23).flatMap(Currency.init).map { Money(micros: micros, currency: $0) }
            },
            replay: row.optionalBlob(25).flatMap(ReplayID.init(bytes:))
        )
        guard let place = row.optionalInteger(26).flatMap(Course.Place.init(rawValue:)) else { return }
        unknown = outlook.uncertainty(
            of: self,
            at: place,
            until: Instant(milliseconds: row.integer(27)),
            asked: row.integer(28),
            counted: row.integer(29)
        )
    }
}
