package import Clocks
package import Deliveries
package import Limits
package import Spend

/// What an event was refused by, with its numbers.
package enum Judgement: Sendable, Equatable {
    case limit(LimitJudgement)
    case resend(ResendJudgement)
    case budget(BudgetJudgement)
    case hold(Hold.Scope)
    case destination(DestinationFigures)
}

/// A rate limit as it was judged; what it counted has no name here.
package struct LimitJudgement: Sendable, Equatable {
    package var name: String
    package var scope: Limit.Scope
    package var rate: Rate
    /// How many pass at once.
    package var burst: Int64
    /// How many more would have passed; one that passed is counted already.
    package var left: Int64
    /// Until one would pass; zero where it did.
    package var wait: Duration

    package init(
        name: String,
        scope: Limit.Scope,
        rate: Rate,
        burst: Int64,
        left: Int64,
        wait: Duration = .zero
    ) {
        (self.name, self.scope, self.rate, self.burst) = (name, scope, rate, burst)
        (self.left, self.wait) = (left, wait)
    }
}

/// The wait before a person is written to again, as it was judged.
package struct ResendJudgement: Sendable, Equatable {
    /// How often the person had been written to.
    package var sent: Int64
    /// From the last message on.
    package var wait: Duration
    /// Since the last message.
    package var elapsed: Duration

    package init(sent: Int64, wait: Duration, elapsed: Duration) {
        (self.sent, self.wait, self.elapsed) = (sent, wait, elapsed)
    }
}

/// A budget as it was judged.
package struct BudgetJudgement: Sendable, Equatable {
    package var name: String
    package var scope: Budget.Scope
    package var period: Budget.Period
    package var limit: Money
    /// In micros of the limit's currency, before: what was reserved, and what was committed or billed above that.
    package var reserved: Int64
    package var committed: Int64
    /// What was asked for.
    package var amount: Money
    package var resetsAt: Instant

    package init(
        name: String,
        scope: Budget.Scope,
        period: Budget.Period,
        limit: Money,
        reserved: Int64,
        committed: Int64,
        amount: Money,
        resetsAt: Instant
    ) {
        (self.name, self.scope, self.period, self.limit) = (name, scope, period, limit)
        (self.reserved, self.committed, self.amount) = (reserved, committed, amount)
        self.resetsAt = resetsAt
    }
}
