import Clocks
import Deliveries
import SQLite
import Spend
import Store

// What budgets say; nothing is reserved here.
extension WriterCore {
    /// The budget that has no room for a demand now; of several the one that resets last.
    ///
    /// `others`: What is to be reserved with it.
    mutating func budgetRefusal(
        of demand: BudgetDemand,
        besides others: [BudgetDemand] = []
    ) throws(SQLiteError) -> Obstacle? {
        var latest: BudgetJudgement?
        for (index, budget) in budgets.enumerated() where budget.limit.currency == demand.amount.currency {
            let use = try use(of: index, demand.subject, at: now)
            let end = budget.period.bounds(around: now).end
            let amount = others.filter { demand.counts(with: $0, in: budget) }.reduce(demand.amount.micros) {
                $0 + $1.amount.micros
            }
            guard !budget.admits(reserving: amount, over: use), latest.map({ $0.resetsAt < end }) ?? true else {
                continue
            }
            latest = BudgetJudgement(budget, use, asking: amount, at: now)
        }
        return latest.map { Obstacle(.overBudget($0.name, resetsAt: $0.resetsAt), .budget($0)) }
    }

    /// The budgets that a demand counts in, as they stand before it.
    mutating func budgetJudgements(of demand: BudgetDemand) throws(SQLiteError) -> [BudgetJudgement] {
        var judgements: [BudgetJudgement] = []
        for (index, budget) in budgets.enumerated() where budget.limit.currency == demand.amount.currency {
            let use = try use(of: index, demand.subject, at: now)
            judgements.append(BudgetJudgement(budget, use, asking: demand.amount.micros, at: now))
        }
        return judgements
    }

    /// The budget that an attempt may not be begun under for this amount, `nil` where it may.
    mutating func obstacle(
        toBeginning amount: Money,
        _ outlay: Outlay
    ) throws(SQLiteError) -> BudgetJudgement? {
        let reserved = outlay.reserved.flatMap { $0.currency == amount.currency ? $0.micros : nil }
        // What has nothing reserved in its currency is reserved now.
        let period = reserved == nil ? now : outlay.period
        for (index, budget) in budgets.enumerated() where budget.limit.currency == amount.currency {
            let use = try use(of: index, outlay.subject, at: period)
            guard !budget.admits(beginning: amount.micros, reserved: reserved ?? 0, over: use) else { continue }
            return BudgetJudgement(budget, use, asking: amount.micros, at: period)
        }
        return nil
    }
}

extension BudgetJudgement {
    fileprivate init(_ budget: Budget, _ use: BudgetUse, asking amount: Int64, at instant: Instant) {
        self.init(
            name: budget.name,
            scope: budget.scope,
            period: budget.period,
            limit: budget.limit,
            reserved: use.reserved,
            committed: use.spent,
            amount: Money(micros: amount, currency: budget.limit.currency),
            resetsAt: budget.period.bounds(around: instant).end
        )
    }
}
