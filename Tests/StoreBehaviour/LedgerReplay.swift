package import AuthEvents
package import Clocks
package import Spend

/// Where all money is by what the ledger's entries say, told entry by entry as the contract words them.
///
/// It believes whatever it reads; what is impossible ``LedgerBooks`` finds.
package struct LedgerReplay: Sendable {
    package struct Commitment: Sendable {
        /// As it was committed.
        package var amount: Money
        package var isHeld = true
        /// When the reservation was made that it came from.
        package var since: Instant
        package var bill: Money?

        package var held: Int64 { isHeld ? amount.micros : 0 }

        /// What the bill is above what is held.
        package var over: Int64 {
            guard let bill, bill.currency == amount.currency else { return 0 }
            return max(0, bill.micros - held)
        }
    }

    package struct Account: Sendable {
        package var tenant: TenantName
        package var country: String?
        package var purpose: Purpose
        package var reservation: Money?
        package var since: Instant
        package var attempts: [Int64: Commitment] = [:]

        fileprivate init(openedBy entry: LedgerEntry) {
            (tenant, country, purpose, since) = (entry.tenant, entry.country, entry.purpose, entry.at)
        }

        package var subject: Budget.Subject {
            Budget.Subject(tenant: "\(tenant)", country: country ?? "", purpose: purpose.name)
        }

        /// Each amount with the moment of its reservation.
        package var uses: [(use: BudgetUse, currency: Currency, since: Instant)] {
            let open = reservation.map { (BudgetUse(reserved: $0.micros), $0.currency, since) }
            return [open].compactMap(\.self)
                + attempts.values.map {
                    (BudgetUse(committed: $0.held, over: $0.over), $0.amount.currency, $0.since)
                }
        }
    }

    package private(set) var accounts: [DeliveryID: Account] = [:]

    package init(_ entries: [LedgerEntry] = []) {
        for entry in entries { take(entry) }
    }

    package mutating func take(_ entry: LedgerEntry) {
        var account = accounts[entry.delivery] ?? Account(openedBy: entry)
        defer { accounts[entry.delivery] = account }
        switch (entry.kind, entry.attempt) {
        case (.reserved, _): (account.reservation, account.since) = (entry.amount, entry.at)
        case (.adjusted, _): account.reservation = entry.amount
        case (.committed, let number):
            account.reservation = nil
            account.attempts[number ?? 0] = Commitment(amount: entry.amount, since: account.since)
        case (.released, let number?):
            account.attempts[number]?.isHeld = false
            // Beside another reservation it is closed with the next entry.
            guard account.reservation == nil else { return }
            account.reservation = entry.amount
            account.since = account.attempts[number]?.since ?? account.since
        case (.released, nil): account.reservation = nil
        case (.priced, let number): account.attempts[number ?? 0]?.bill = entry.amount
        }
    }

    /// What is used of a budget by one of its keys in the period around an instant.
    package func use(of budget: Budget, _ key: String, at instant: Instant) -> BudgetUse {
        let (start, end) = budget.period.bounds(around: instant)
        var sum = BudgetUse()
        for account in accounts.values where budget.key(of: account.subject) == key {
            for (use, currency, since) in account.uses
            where currency == budget.limit.currency && start <= since && since < end { sum += use }
        }
        return sum
    }

    /// What ``LedgerBooks/totals(by:)`` should say.
    package func totals(by period: Budget.Period) -> [LedgerBooks.Account: BudgetUse] {
        var totals: [LedgerBooks.Account: BudgetUse] = [:]
        for account in accounts.values {
            for (use, currency, since) in account.uses where use != BudgetUse() {
                let name = LedgerBooks.Account(
                    tenant: account.tenant,
                    country: account.country,
                    purpose: account.purpose,
                    currency: currency,
                    period: period.bounds(around: since).start
                )
                totals[name, default: BudgetUse()] += use
            }
        }
        return totals
    }

    /// What a budget tells apart.
    package func keys(of budget: Budget) -> Set<String> {
        Set(accounts.values.map { budget.key(of: $0.subject) })
    }
}
