package import AuthEvents
package import Clocks

/// Sums ledger entries into a spend report.
///
/// Only entries whose own time lies in the period count. The memory it takes grows with the attempts in the period, not
/// with the entries.
package struct SpendFold {
    /// Which attempt of which delivery.
    package struct Attempt: Sendable, Hashable {
        package var delivery: DeliveryID
        package var number: Int64

        package init(delivery: DeliveryID, number: Int64) {
            (self.delivery, self.number) = (delivery, number)
        }
    }

    private struct Key: Hashable {
        var values: [String?]
        var currency: Currency
    }

    /// The groups of the report, each once, in the order of ``SpendGroup``.
    package let groups: [SpendGroup]

    private let period: Range<Instant>
    private let estimate: (Attempt) -> Money?
    private var sums: [Key: SpendSums] = [:]
    private var estimates: [Attempt: Money] = [:]
    private var bills: [Attempt: (key: Key, price: Int64)] = [:]

    /// - Parameters:
    ///   - period: From its beginning to before its end.
    ///   - groups: What the rows are told apart by.
    ///   - estimate: What an attempt that was committed before the period is estimated at, `nil` where that is not known:
    ///     its price then counts, but no difference. Asked only for what is priced, when the rows are made.
    package init(
        period: Range<Instant>,
        groups: Set<SpendGroup>,
        estimate: @escaping (Attempt) -> Money? = { _ in nil }
    ) {
        self.groups = SpendGroup.allCases.filter(groups.contains)
        (self.period, self.estimate) = (period, estimate)
    }

    /// Takes the entries of each attempt in the order in which they were written.
    package mutating func take(_ entry: LedgerEntry) {
        guard period.contains(entry.at), let number = entry.attempt else { return }
        let attempt = Attempt(delivery: entry.delivery, number: number)
        let key = Key(values: groups.map { $0.value(of: entry) }, currency: entry.amount.currency)
        let amount = entry.amount.micros
        switch entry.kind {
        case .committed:
            sums[key, default: SpendSums()] += SpendSums(messages: 1, segments: entry.segments, estimate: amount)
            estimates[attempt] = entry.amount
        case .released:
            sums[key, default: SpendSums()] += SpendSums(messages: -1, segments: -entry.segments, estimate: -amount)
            estimates[attempt]?.micros -= amount
        case .priced:
            bills[attempt] = (key, amount)
        case .reserved, .adjusted:
            break
        }
    }

    /// The report's lines; sums that came to nothing are left in, since there were messages.
    package var rows: [SpendRow] {
        var sums = sums
        for (attempt, bill) in bills {
            var billed = SpendSums(price: bill.price)
            if let estimate = estimates[attempt] ?? estimate(attempt), estimate.currency == bill.key.currency {
                billed.difference = bill.price - estimate.micros
            }
            sums[bill.key, default: SpendSums()] += billed
        }
        return sums.map { SpendRow(keys: $0.values, currency: $0.currency, sums: $1) }.sorted(by: SpendRow.precedes)
    }

    /// One line for each currency, with the difference of all.
    package static func totals(of rows: [SpendRow]) -> [SpendRow] {
        var sums: [Currency: SpendSums] = [:]
        for row in rows { sums[row.currency, default: SpendSums()] += row.sums }
        return sums.map { SpendRow(keys: [], currency: $0, sums: $1) }.sorted(by: SpendRow.precedes)
    }
}

extension SpendGroup {
    fileprivate func value(of entry: LedgerEntry) -> String? {
        switch self {
        case .country: entry.country
        case .tenant: entry.tenant.description
        case .purpose: entry.purpose.name
        case .gateway: entry.gateway
        case .day: String(entry.at.description.prefix(10))
        }
    }
}
