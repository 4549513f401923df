import AuthEvents
import Clocks
import Cryptography
import Deliveries
import SQLite
import Spend
import Store

extension WriterCore {
    /// The name under which this life of the database writes: no other life continues its chain.
    var writerName: String { epoch.hex }

    /// Appends an entry of what an outlay was accepted with, or of another amount.
    mutating func account(
        _ kind: LedgerKind,
        _ outlay: Outlay,
        amount: Money,
        segments: Int64? = nil,
        version: String? = nil,
        attempt: Int64? = nil,
        gateway: String?
    ) throws(SQLiteError) {
        let entry = LedgerEntry(
            writer: writerName,
            sequence: state.ledger.sequence + 1,
            at: now,
            kind: kind,
            delivery: outlay.delivery,
            attempt: attempt,
            gateway: gateway,
            tenant: outlay.tenant,
            purpose: outlay.purpose,
            country: outlay.country,
            segments: segments ?? outlay.segments,
            amount: amount,
            priceVersion: version ?? outlay.priceVersion,
            previous: state.ledger.hash
        )
        try connection.insert(entry)
        state.tally.note(entry)
        state.ledger = LedgerHead(sequence: entry.sequence, hash: entry.hash)
    }

    mutating func account(
        _ kind: LedgerKind,
        _ outlay: Outlay,
        quote: AttemptQuote,
        attempt: Int64? = nil,
        gateway: String
    ) throws(SQLiteError) {
        try account(
            kind,
            outlay,
            amount: quote.amount,
            segments: quote.segments,
            version: quote.priceVersion,
            attempt: attempt,
            gateway: gateway
        )
    }

    /// Adds to the sums of the hour in which the outlay's money was reserved; they are written once a batch.
    mutating func book(_ change: BudgetUse, _ outlay: Outlay, _ currency: Currency) {
        let subject = outlay.subject
        let hour = Budget.Period.hour.bounds(around: outlay.period).start
        state.bookings[SpendPlace(hour: hour, currency: currency, subject: subject), default: BudgetUse()] += change
        for (index, budget) in budgets.enumerated() where budget.limit.currency == currency {
            let place = BudgetPlace(
                budget: index,
                key: budget.key(of: subject),
                start: budget.period.bounds(around: outlay.period).start
            )
            // One that is not in memory is read when it is next asked for.
            state.budgetUses[place]? += change
        }
    }

    /// Writes what has been booked since the last time.
    mutating func saveBookings() throws(SQLiteError) {
        for (place, change) in state.bookings {
            // Not added up by SQLite, whose sums leave the integers where they are beyond them.
            var use = try connection.use(at: place)
            use += change
            try connection.save(use, at: place)
        }
        state.bookings = [:]
    }

    /// What of a budget is used in the period around an instant.
    mutating func use(
        of index: Int,
        _ subject: Budget.Subject,
        at instant: Instant
    ) throws(SQLiteError) -> BudgetUse {
        let budget = budgets[index]
        let bounds = budget.period.bounds(around: instant)
        let place = BudgetPlace(budget: index, key: budget.key(of: subject), start: bounds.start)
        if let known = state.budgetUses[place] { return known }
        try saveBookings()
        let use = try connection.use(of: budget, place.key, bounds)
        if state.budgetUses.count >= BudgetPlace.remembered { state.budgetUses.removeAll() }
        state.budgetUses[place] = use
        return use
    }
}

extension LedgerHead {
    /// Before the first entry.
    static let none = LedgerHead(sequence: 0, hash: LedgerEntry.firstPrevious)
}

/// A row of `spend`.
struct SpendPlace: Hashable, Sendable {
    var hour: Instant
    var currency: Currency
    var subject: Budget.Subject
}

/// One count of a budget: of a key, in a period.
struct BudgetPlace: Hashable, Sendable {
    /// So many are kept in memory; the others are sums of a few rows each.
    static let remembered = 1000

    var budget: Int
    var key: String
    var start: Instant
}

extension Int64 {
    /// What the sums of the upper and of the lower halves of some numbers come to, the greatest number where it is beyond.
    fileprivate init(upper: Int64, lower: Int64) {
        let (shifted, isBeyond) = upper.multipliedReportingOverflow(by: 1 << 32)
        let (sum, isOver) = shifted.addingReportingOverflow(lower)
        self = isBeyond || isOver ? (upper < 0 ? .min : .max) : sum
    }
}

extension Connection {
    mutating func use(
        of budget: Budget,
        _ key: String,
        _ bounds: (start: Instant, end: Instant)
    ) throws(SQLiteError) -> BudgetUse {
        func only(_ scope: Budget.Scope) -> Value { budget.scope == scope ? .text(key) : .null }
        // A sum of whole numbers fails where it is beyond them, one of their halves cannot be.
        return try first(
            """
            SELECT coalesce(sum(reserved >> 32), 0), coalesce(sum(reserved & 4294967295), 0),
                coalesce(sum(committed >> 32), 0), coalesce(sum(committed & 4294967295), 0),
                coalesce(sum(over >> 32), 0), coalesce(sum(over & 4294967295), 0) FROM spend
            WHERE hour >= ?1 AND hour < ?2 AND currency = ?3 AND (?4 IS NULL OR tenant = ?4)
                AND (?5 IS NULL OR country = ?5) AND (?6 IS NULL OR purpose = ?6)
            """,
            .integer(bounds.start.milliseconds),
            .integer(bounds.end.milliseconds),
            .text(budget.limit.currency.description),
            only(.tenant),
            only(.country),
            only(.purpose),
            read: { row in
                BudgetUse(
                    reserved: Int64(upper: row.integer(0), lower: row.integer(1)),
                    committed: Int64(upper: row.integer(2), lower: row.integer(3)),
                    over: Int64(upper: row.integer(4), lower: row.integer(5))
                )
            }
        ) ?? BudgetUse()
    }

    fileprivate mutating func use(at place: SpendPlace) throws(SQLiteError) -> BudgetUse {
        try first(
            """
            SELECT reserved, committed, over FROM spend
            WHERE hour = ? AND currency = ? AND tenant = ? AND country = ? AND purpose = ?
            """,
            .integer(place.hour.milliseconds),
            .text(place.currency.description),
            .text(place.subject.tenant),
            .text(place.subject.country),
            .text(place.subject.purpose),
            read: { BudgetUse(reserved: $0.integer(0), committed: $0.integer(1), over: $0.integer(2)) }
        ) ?? BudgetUse()
    }

    fileprivate mutating func save(_ use: BudgetUse, at place: SpendPlace) throws(SQLiteError) {
        try run(
            """
            INSERT INTO spend (hour, currency, tenant, country, purpose, reserved, committed, over)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (hour, currency, tenant, country, purpose) DO UPDATE SET
                reserved = excluded.reserved, committed = excluded.committed, over = excluded.over
            """,
            .integer(place.hour.milliseconds),
            .text(place.currency.description),
            .text(place.subject.tenant),
            .text(place.subject.country),
            .text(place.subject.purpose),
            .integer(use.reserved),
            .integer(use.committed),
            .integer(use.over)
        )
    }

    mutating func insert(_ entry: LedgerEntry) throws(SQLiteError) {
        try run(
            """
            INSERT INTO ledger (writer, sequence, at, kind, delivery, attempt, gateway, tenant, purpose, country, segments,
                amount, currency, price_version, previous, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .text(entry.writer),
            .integer(entry.sequence),
            .integer(entry.at.milliseconds),
            .text(entry.kind.rawValue),
            .id(entry.delivery),
            .optional(entry.attempt),
            .optional(entry.gateway),
            .text("\(entry.tenant)"),
            .text(entry.purpose.name),
            .optional(entry.country),
            .integer(entry.segments),
            .integer(entry.amount.micros),
            .text("\(entry.amount.currency)"),
            .optional(entry.priceVersion),
            .text(entry.previous),
            .text(entry.hash)
        )
    }

    /// Where the chain of a writer ends.
    mutating func ledgerHead(of writer: String) throws(SQLiteError) -> LedgerHead {
        try first(
            "SELECT sequence, hash FROM ledger WHERE writer = ? ORDER BY sequence DESC LIMIT 1",
            .text(writer),
            read: { LedgerHead(sequence: $0.integer(0), hash: $0.text(1)) }
        ) ?? .none
    }
}
