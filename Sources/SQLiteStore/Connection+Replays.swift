import AuthEvents
import Clocks
import Deliveries
import Limits
import SQLite
import Spend
import Store

extension Connection {
    mutating func replay(_ id: ReplayID, of tenant: TenantName?) throws(SQLiteError) -> Replay? {
        try first(
            """
            SELECT id, state, filter, rate_count, rate_ms, most, cursor, matched, made, skipped FROM replay
            WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2)
            """,
            .blob(id.bytes),
            .optional(tenant?.description),
            read: Replay.init
        )?.flatMap(\.self)
    }

    mutating func runningReplays() throws(SQLiteError) -> [Replay] {
        try all(
            """
            SELECT id, state, filter, rate_count, rate_ms, most, cursor, matched, made, skipped
            FROM replay INDEXED BY replay_running WHERE state = 1 ORDER BY id
            """,
            read: Replay.init
        ).compactMap(\.self)
    }

    /// The newest that was begun with a key, no earlier than at an instant.
    mutating func replay(
        of key: Digest,
        since: Instant
    ) throws(SQLiteError) -> (replay: Replay, content: [UInt8])? {
        let found = try first(
            """
            SELECT id, state, filter, rate_count, rate_ms, most, cursor, matched, made, skipped, content
            FROM replay INDEXED BY replay_key WHERE key = ? AND id >= ? ORDER BY id DESC LIMIT 1
            """,
            .blob(key.bytes),
            .blob(lowestID(at: since)),
            read: { row in Replay(row).map { (replay: $0, content: row.blob(10)) } }
        )
        return found?.flatMap(\.self)
    }

    mutating func shares(
        of replay: ReplayID
    ) throws(SQLiteError) -> [ReplayPreview.Place: ReplayPreview.Share] {
        let rows = try all(
            """
            SELECT outlay.country, outlay.currency, count(*), sum(outlay.segments), sum(outlay.amount)
            FROM delivery INDEXED BY delivery_replay JOIN outlay ON outlay.delivery = delivery.id
            WHERE delivery.replay = ? GROUP BY 1, 2
            """,
            .blob(replay.bytes),
            read: { row in
                Currency(row.text(1)).map { currency in
                    (
                        ReplayPreview.Place(country: row.text(0), currency: currency),
                        ReplayPreview.Share(messages: row.integer(2), segments: row.integer(3), micros: row.integer(4))
                    )
                }
            }
        )
        return Dictionary(rows.compactMap(\.self), uniquingKeysWith: { first, _ in first })
    }

    /// Failed deliveries that a filter names, oldest first.
    mutating func candidates(
        _ filter: DeliveryFilter,
        after: DeliveryID?,
        limit: Int
    ) throws(SQLiteError) -> [ReplayCandidate] {
        guard filter.ids.isEmpty else {
            var found: [ReplayCandidate] = []
            for id in Set(filter.ids).sorted() where after.map({ $0 < id }) ?? true {
                guard found.count < limit else { break }
                found += try candidates(filter, from: id.bytes, to: id.bytes, limit: 1)
            }
            return found
        }
        let start = max(filter.since.map { lowestID(at: $0) } ?? [], after.map { $0.bytes + [0] } ?? [])
        let end = filter.until.map { lowestID(at: $0) } ?? [UInt8](repeating: 0xff, count: 16)
        return try candidates(filter, from: start, to: end, limit: limit)
    }

    private mutating func candidates(
        _ filter: DeliveryFilter,
        from: [UInt8],
        to: [UInt8],
        limit: Int
    ) throws(SQLiteError) -> [ReplayCandidate] {
        try all(
            """
            SELECT d.id, d.event, d.challenge, d.purpose, d.channel, tenant.name, event.locale, event.seal_key,
                event.sealed, d.previous
            FROM delivery d JOIN event ON event.id = d.event JOIN tenant ON tenant.id = d.tenant
            JOIN gateway ON gateway.id = d.gateway LEFT JOIN outlay ON outlay.delivery = d.id
            WHERE d.id >= ?1 AND d.id <= ?2 AND d.state IN (8, 9) AND (?3 IS NULL OR d.state = ?3)
                AND (?4 IS NULL OR tenant.name = ?4) AND (?5 IS NULL OR d.reason = ?5) AND (?6 IS NULL OR d.purpose = ?6)
                AND (?7 IS NULL OR d.channel = ?7) AND (?8 IS NULL OR gateway.name = ?8)
                AND (?9 IS NULL OR event.name = ?9) AND (?10 IS NULL OR d.challenge = ?10)
                AND (?11 IS NULL OR event.subject = ?11) AND (?12 IS NULL OR outlay.country = ?12)
                AND (?13 IS NULL OR d.replay = ?13)
            ORDER BY d.id LIMIT ?14
            """,
            .blob(from),
            .blob(to),
            .optional(filter.state?.rawValue),
            .optional(filter.tenant?.description),
            .optional(filter.reason?.rawValue),
            .optional(filter.purpose?.rawValue),
            .optional(filter.channel?.rawValue),
            .optional(filter.gateway),
            .optional(filter.event),
            .optional(filter.challenge?.bytes),
            .optional(filter.subject?.bytes),
            .optional(filter.country),
            .optional(filter.replay?.bytes),
            .integer(Int64(limit)),
            read: ReplayCandidate.init
        ).compactMap(\.self)
    }
}

private func max(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    left.lexicographicallyPrecedes(right) ? right : left
}

extension Replay {
    fileprivate init?(_ row: borrowing Row) {
        guard let id = ReplayID(bytes: row.blob(0)), let state = State(rawValue: row.integer(1)),
            let filter = DeliveryFilter(text: row.text(2))
        else { return nil }
        self.init(
            id: id,
            state: state,
            filter: filter,
            rate: Rate(count: row.integer(3), period: .milliseconds(row.integer(4))),
            limit: Int(row.integer(5)),
            cursor: DeliveryID(bytes: row.blob(6)),
            matched: row.integer(7),
            made: row.integer(8),
            skipped: ReplaySkip.counts(text: row.text(9))
        )
    }
}

extension ReplayCandidate {
    fileprivate init?(_ row: borrowing Row) {
        guard let delivery = DeliveryID(bytes: row.blob(0)), let event = EventID(bytes: row.blob(1)),
            let purpose = Purpose(rawValue: row.integer(3)), let channel = Channel(rawValue: row.integer(4)),
            let tenant = TenantName(row.text(5))
        else { return nil }
        self.init(
            delivery: delivery,
            event: event,
            challenge: ChallengeID(bytes: row.blob(2)),
            purpose: purpose,
            channel: channel,
            tenant: tenant,
            locale: row.optionalText(6),
            sealed: SealedBytes(key: row.text(7), bytes: row.blob(8)),
            isPrevious: row.integer(9) != 0
        )
    }
}
