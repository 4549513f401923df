package import AuthEvents
package import Clocks
package import Spend

/// What can be read of money.
package protocol SpendRecords: Sendable {
    /// Entries of the ledger in the order of writer and sequence, at most so many.
    func ledger(_ filter: LedgerFilter) async throws(StoreError) -> [LedgerEntry]

    /// Goes through the whole ledger and finds what was edited, removed, inserted or put elsewhere (promise 10).
    func auditLedger() async throws(StoreError) -> LedgerAudit

    /// The sums of the ledger's entries of a time, and the challenges verified in it.
    func spend(_ query: SpendQuery) async throws(StoreError) -> SpendReport

    /// How far each budget is used now; of a tenant only its own.
    func budgets(of tenant: TenantName?) async throws(StoreError) -> [BudgetStanding]
}

package struct LedgerFilter: Sendable {
    /// Entries whose own time lies in this, its end left out.
    package var from: Instant
    package var to: Instant
    package var tenant: TenantName?
    /// The last entry of the page before.
    package var after: (writer: String, sequence: Int64)?
    package var limit: Int

    package init(
        from: Instant = .distantPast,
        to: Instant = .distantFuture,
        tenant: TenantName? = nil,
        after: (writer: String, sequence: Int64)? = nil,
        limit: Int = 1000
    ) {
        (self.from, self.to, self.tenant, self.after, self.limit) = (from, to, tenant, after, limit)
    }
}

extension Instant {
    package static let distantPast = Instant(milliseconds: 0)
    package static let distantFuture = Instant(milliseconds: .max)
}

package struct SpendQuery: Sendable {
    package var period: Range<Instant>
    package var tenant: TenantName?
    package var groups: Set<SpendGroup>

    package init(period: Range<Instant>, tenant: TenantName? = nil, groups: Set<SpendGroup>) {
        (self.period, self.tenant, self.groups) = (period, tenant, groups)
    }
}

package struct SpendReport: Sendable {
    package struct Line: Sendable, Equatable {
        package var row: SpendRow
        /// Challenges by SMS that were verified in the time and had been paid for so.
        package var verified: Int64

        package init(row: SpendRow, verified: Int64) {
            (self.row, self.verified) = (row, verified)
        }
    }

    /// What the lines are told apart by, in the order of their keys.
    package var groups: [SpendGroup]
    package var lines: [Line]

    package init(groups: [SpendGroup], lines: [Line]) {
        (self.groups, self.lines) = (groups, lines)
    }
}

package struct BudgetStanding: Sendable, Equatable {
    package var budget: Budget
    /// Which tenant, country or purpose; empty for all.
    package var key: String
    package var used: Money

    package init(budget: Budget, key: String, used: Money) {
        (self.budget, self.key, self.used) = (budget, key, used)
    }
}

extension BudgetStanding {
    /// The highest of the budget's percentages that its use has reached.
    package var reachedAlert: Int? {
        let (used, limit) = (Double(used.micros), Double(budget.limit.micros))
        return budget.alerts.filter { used > 0 && used * 100 >= limit * Double($0) }.max()
    }
}
