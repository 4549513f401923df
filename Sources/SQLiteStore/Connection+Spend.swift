import AuthEvents
import Clocks
import JSON
import SQLite
import Spend
import Store

extension Connection {
    mutating func ledger(_ filter: LedgerFilter) throws(SQLiteError) -> [LedgerEntry] {
        let rows = try all(
            """
            SELECT writer, sequence, at, kind, delivery, attempt, gateway, tenant, purpose, country, segments, amount,
                currency, price_version, previous, hash
            FROM ledger
            WHERE (writer, sequence) > (?1, ?2) AND at >= ?3 AND at < ?4 AND (?5 IS NULL OR tenant = ?5)
            ORDER BY writer, sequence LIMIT ?6
            """,
            .text(filter.after?.writer ?? ""),
            .integer(filter.after?.sequence ?? 0),
            .integer(filter.from.milliseconds),
            .integer(filter.to.milliseconds),
            .optional(filter.tenant?.description),
            .integer(Int64(filter.limit)),
            read: LedgerEntry.init
        )
        var entries: [LedgerEntry] = []
        for entry in rows {
            // An extract that leaves something out would say that it was never there.
            guard let entry else { throw .damage("the ledger has an entry that cannot be read; verify it") }
            entries.append(entry)
        }
        return entries
    }

    /// Judges what each row says, not what can be made of it, so that nonsense is found too.
    mutating func auditLedger() throws(SQLiteError) -> LedgerAudit {
        var audit = LedgerAudit()
        var line = 0
        try forEach(
            """
            SELECT writer, sequence, at, kind, delivery, attempt, gateway, tenant, purpose, country, segments, amount,
                currency, price_version, previous, hash
            FROM ledger ORDER BY writer, sequence
            """,
            []
        ) { row in
            line += 1
            audit.take(LedgerEntry.said(row), line: line)
            return true
        }
        audit.finish(heads: try ledgerHeads(), isComplete: true)
        return audit
    }

    /// Where the chain of each writer of this file ends, as it was last committed.
    private mutating func ledgerHeads() throws(SQLiteError) -> [String: LedgerHead] {
        var heads: [String: LedgerHead] = [:]
        try forEach("SELECT substr(name, 8), value FROM meta WHERE name LIKE 'ledger:%'", []) { row in
            let words = row.text(1).split(separator: " ")
            if words.count == 2, let sequence = Int64(words[0]) {
                heads[row.text(0)] = LedgerHead(sequence: sequence, hash: String(words[1]))
            }
            return true
        }
        return heads
    }

    mutating func spend(_ query: SpendQuery) throws(SQLiteError) -> SpendReport {
        let estimates = try earlierEstimates(query)
        var fold = SpendFold(period: query.period, groups: query.groups, estimate: { estimates[$0] })
        try forEach(
            """
            SELECT writer, sequence, at, kind, delivery, attempt, gateway, tenant, purpose, country, segments, amount,
                currency, price_version, previous, hash
            FROM ledger INDEXED BY ledger_at
            WHERE at >= ?1 AND at < ?2 AND attempt IS NOT NULL AND (?3 IS NULL OR tenant = ?3)
            ORDER BY at, writer, sequence
            """,
            [
                .integer(query.period.lowerBound.milliseconds), .integer(query.period.upperBound.milliseconds),
                .optional(query.tenant?.description),
            ]
        ) { row in
            if let entry = LedgerEntry(row) { fold.take(entry) }
            return true
        }
        let groups = fold.groups
        var lines = fold.rows.map { SpendReport.Line(row: $0, verified: 0) }
        for (keys, currency) in try verified(query, groups) {
            if let index = lines.firstIndex(where: { $0.row.keys == keys && $0.row.currency == currency }) {
                lines[index].verified += 1
            } else {
                let row = SpendRow(keys: keys, currency: currency, sums: SpendSums())
                lines.append(SpendReport.Line(row: row, verified: 1))
            }
        }
        return SpendReport(groups: groups, lines: lines)
    }

    /// What was committed before the period to attempts that were billed in it.
    private mutating func earlierEstimates(_ query: SpendQuery) throws(SQLiteError) -> [SpendFold.Attempt: Money] {
        var estimates: [SpendFold.Attempt: Money] = [:]
        try forEach(
            """
            SELECT attempt.delivery, number, attempt.amount, attempt.currency
            FROM ledger INDEXED BY ledger_at
            JOIN attempt ON attempt.delivery = ledger.delivery AND attempt.number = ledger.attempt
            WHERE ledger.at >= ?1 AND ledger.at < ?2 AND ledger.kind = 'priced' AND attempt.committed IS NOT NULL
                AND attempt.at < ?1
            UNION ALL
            SELECT removed_attempt.delivery, number, removed_attempt.amount, removed_attempt.currency
            FROM ledger INDEXED BY ledger_at
            JOIN removed_attempt
                ON removed_attempt.delivery = ledger.delivery AND removed_attempt.number = ledger.attempt
            WHERE ledger.at >= ?1 AND ledger.at < ?2 AND ledger.kind = 'priced' AND removed_attempt.at < ?1
            """,
            [.integer(query.period.lowerBound.milliseconds), .integer(query.period.upperBound.milliseconds)]
        ) { row in
            if let delivery = DeliveryID(bytes: row.blob(0)), let amount = Money(row, from: 2) {
                estimates[SpendFold.Attempt(delivery: delivery, number: row.integer(1))] = amount
            }
            return true
        }
        return estimates
    }

    /// Group and currency of each challenge that was verified in the time, by the newest message that was paid for it.
    private mutating func verified(
        _ query: SpendQuery,
        _ groups: [SpendGroup]
    ) throws(SQLiteError) -> [(keys: [String?], currency: Currency)] {
        try all(
            """
            SELECT outlay.country, tenant.name, challenge.purpose, gateway.name, challenge.verified, attempt.currency
            FROM challenge INDEXED BY challenge_verified
            JOIN attempt ON (attempt.delivery, attempt.number) = (
                SELECT paid.delivery, paid.number FROM delivery INDEXED BY delivery_challenge
                JOIN attempt paid ON paid.delivery = delivery.id
                WHERE delivery.challenge = challenge.id AND paid.committed IS NOT NULL
                ORDER BY paid.delivery DESC, paid.number DESC LIMIT 1)
            JOIN outlay ON outlay.delivery = attempt.delivery
            JOIN gateway ON gateway.id = attempt.gateway
            JOIN tenant ON tenant.id = challenge.tenant
            WHERE challenge.verified >= ?1 AND challenge.verified < ?2 AND (?3 IS NULL OR tenant.name = ?3)
            UNION ALL
            SELECT removed_verified.country, tenant.name, removed_verified.purpose, gateway.name,
                removed_verified.verified, removed_verified.currency
            FROM removed_verified
            JOIN gateway ON gateway.id = removed_verified.gateway
            JOIN tenant ON tenant.id = removed_verified.tenant
            WHERE removed_verified.verified >= ?1 AND removed_verified.verified < ?2
                AND (?3 IS NULL OR tenant.name = ?3)
            """,
            .integer(query.period.lowerBound.milliseconds),
            .integer(query.period.upperBound.milliseconds),
            .optional(query.tenant?.description),
            read: { row -> (keys: [String?], currency: Currency)? in
                guard let currency = Currency(row.text(5)) else { return nil }
                let keys = groups.map { group -> String? in
                    switch group {
                    case .country: row.optionalText(0)
                    case .tenant: row.text(1)
                    case .purpose: Purpose(rawValue: row.integer(2))?.name
                    case .gateway: row.text(3)
                    case .day: String("\(Instant(milliseconds: row.integer(4)))".prefix(10))
                    }
                }
                return (keys, currency)
            }
        ).compactMap(\.self)
    }

    /// How far budgets are used in their periods of now: each key that has spent, and those without any as nothing.
    mutating func standing(
        of budgets: [Budget],
        at now: Instant,
        tenant: TenantName?
    ) throws(SQLiteError) -> [BudgetStanding] {
        var standing: [BudgetStanding] = []
        for budget in budgets where tenant == nil || budget.scope == .tenant {
            let bounds = budget.period.bounds(around: now)
            let keys = try all(
                """
                SELECT DISTINCT CASE ?1 WHEN 'tenant' THEN tenant WHEN 'country' THEN country WHEN 'purpose' THEN purpose
                    ELSE '' END
                FROM spend WHERE hour >= ?2 AND hour < ?3 AND currency = ?4 AND (?5 IS NULL OR tenant = ?5) ORDER BY 1
                """,
                .text(budget.scope.rawValue),
                .integer(bounds.start.milliseconds),
                .integer(bounds.end.milliseconds),
                .text(budget.limit.currency.description),
                .optional(tenant?.description),
                read: { $0.text(0) }
            )
            for key in keys.isEmpty ? [budget.scope == .tenant ? tenant?.description ?? "" : ""] : keys {
                let use = try use(of: budget, key, bounds)
                let used = Money(micros: use.total, currency: budget.limit.currency)
                standing.append(BudgetStanding(budget: budget, key: key, used: used))
            }
        }
        return standing
    }
}

extension LedgerEntry {
    /// Columns in the order of the table.
    fileprivate init?(_ row: borrowing Row) {
        guard let kind = LedgerKind(rawValue: row.text(3)), let delivery = DeliveryID(bytes: row.blob(4)),
            let tenant = TenantName(row.text(7)), let purpose = Purpose(name: row.text(8)),
            let amount = Money(row, from: 11)
        else { return nil }
        self.init(
            writer: row.text(0),
            sequence: row.integer(1),
            at: Instant(milliseconds: row.integer(2)),
            kind: kind,
            delivery: delivery,
            attempt: row.optionalInteger(5),
            gateway: row.optionalText(6),
            tenant: tenant,
            purpose: purpose,
            country: row.optionalText(9),
            segments: row.integer(10),
            amount: amount,
            priceVersion: row.optionalText(13),
            previous: row.text(14),
            hash: row.text(15)
        )
    }

    /// What a row says, in the form of an entry, even where it can be none.
    fileprivate static func said(_ row: borrowing Row) -> JSONValue {
        func text(_ column: Int32) -> JSONValue { row.optionalText(column).map(JSONValue.string) ?? .null }
        func integer(_ column: Int32) -> JSONValue { row.optionalInteger(column).map(JSONValue.integer) ?? .null }
        let id = row.blob(4)
        return [
            "writer": text(0), "sequence": integer(1), "at": .string(Instant(milliseconds: row.integer(2)).shortest),
            "kind": text(3), "delivery": .string(DeliveryID(bytes: id).map { "\($0)" } ?? "?"), "attempt": integer(5),
            "gateway": text(6), "tenant": text(7), "purpose": text(8), "country": text(9), "segments": integer(10),
            "amount": .string(Money.text(micros: row.integer(11))), "currency": text(12), "price_version": text(13),
            "previous": text(14), "hash": text(15),
        ]
    }
}
