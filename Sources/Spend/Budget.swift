package import Clocks

/// A hard limit of money in a period.
package struct Budget: Sendable, Equatable {
    /// What is counted apart: each tenant, country or purpose, or all together.
    package enum Scope: String, Sendable, CaseIterable { case tenant, country, purpose, all }

    /// In UTC.
    package enum Period: String, Sendable, CaseIterable { case hour, day, month }

    package var name: String
    package var scope: Scope
    package var period: Period
    package var limit: Money
    /// Percentages of the limit at which operators are told.
    package var alerts: [Int]

    package init(name: String, scope: Scope, period: Period, limit: Money, alerts: [Int] = [50, 80, 100]) {
        (self.name, self.scope, self.period, self.limit) = (name, scope, period, limit)
        self.alerts = alerts
    }

    /// What of a subject is counted together.
    package func key(of subject: Subject) -> String {
        switch scope {
        case .tenant: subject.tenant
        case .country: subject.country
        case .purpose: subject.purpose
        case .all: ""
        }
    }

    /// Whom an amount is for.
    package struct Subject: Sendable, Hashable {
        package var tenant: String
        package var country: String
        package var purpose: String

        package init(tenant: String, country: String, purpose: String) {
            (self.tenant, self.country, self.purpose) = (tenant, country, purpose)
        }
    }
}

extension Budget.Period {
    /// The period that an instant lies in: its first instant, and the first of the next.
    package func bounds(around instant: Instant) -> (start: Instant, end: Instant) {
        switch self {
        case .hour: return slice(instant, of: 3_600_000)
        case .day: return slice(instant, of: 86_400_000)
        case .month:
            var date = CivilDate(of: instant)
            date.day = 1
            let start = date.start
            date.month += 1
            if date.month > 12 { (date.year, date.month) = (date.year + 1, 1) }
            return (start, date.start)
        }
    }

    private func slice(_ instant: Instant, of length: Int64) -> (Instant, Instant) {
        let remainder = instant.milliseconds % length
        let start = instant.milliseconds - (remainder < 0 ? remainder + length : remainder)
        return (Instant(milliseconds: start), Instant(milliseconds: start + length))
    }
}

/// What of a budget is used in one period, in micros of its currency.
package struct BudgetUse: Sendable, Equatable {
    /// Reserved for what has not been begun.
    package var reserved: Int64
    /// Begun, and not known to be unsent.
    package var committed: Int64
    /// What bills came to above their estimates.
    package var over: Int64

    package init(reserved: Int64 = 0, committed: Int64 = 0, over: Int64 = 0) {
        (self.reserved, self.committed, self.over) = (reserved, committed, over)
    }

    /// Committed, with what was billed above it.
    package var spent: Int64 { committed.saturatingSum(over) }

    package var total: Int64 { reserved.saturatingSum(spent) }

    /// A part that has reached the greatest number stays there.
    ///
    /// How far above it the part is nobody knows any more, so nothing that is taken away may bring it below the truth.
    package static func += (left: inout BudgetUse, right: BudgetUse) {
        if left.reserved < .max { left.reserved = left.reserved.saturatingSum(right.reserved) }
        if left.committed < .max { left.committed = left.committed.saturatingSum(right.committed) }
        if left.over < .max { left.over = left.over.saturatingSum(right.over) }
    }
}

extension Budget {
    /// Whether an amount may be reserved: nothing may lift the sum over the limit.
    package func admits(reserving amount: Int64, over use: BudgetUse) -> Bool {
        use.total.saturatingSum(amount) <= limit.micros
    }

    /// Whether an attempt may be begun for an amount whose delivery holds a reservation.
    ///
    /// What is dearer than its reservation must fit as a new one would. After the limit was lowered the sum may lie above
    /// it: then attempts go on only while what is committed fits.
    package func admits(beginning amount: Int64, reserved: Int64, over use: BudgetUse) -> Bool {
        guard use.spent.saturatingSum(amount) <= limit.micros else { return false }
        return amount <= reserved || use.total.saturatingSum(amount - reserved) <= limit.micros
    }
}
