import AuthEvents
import Clocks
import Spend

/// Follows the ledger entry by entry, and looks whether each kept within the limits that were in force when it was written.
struct LedgerWatch {
    private struct Place: Hashable {
        var budget: String
        var key: String
        var start: Instant
    }

    private(set) var replay = LedgerReplay()
    private(set) var faults: [String] = []
    private var uses: [Place: BudgetUse] = [:]
    private var begun: Set<String> = []

    /// `budgets`: In force when the entry was written; only their limits may be others than those of the entry before.
    mutating func take(_ entry: LedgerEntry, under budgets: [Budget]) {
        if entry.kind == .committed, !begun.insert("\(entry.delivery) \(entry.attempt ?? 0)").inserted {
            faults.append("\(entry.sequence): \(entry.delivery) is committed twice for one attempt")
        }
        let account = replay.accounts[entry.delivery]
        replay.take(entry)
        guard let changed = replay.accounts[entry.delivery] else { return }
        for budget in budgets {
            let before = account.map { uses(of: budget, by: $0) } ?? [:]
            let after = uses(of: budget, by: changed)
            for place in Set(before.keys).union(after.keys) {
                let (old, new) = (before[place] ?? BudgetUse(), after[place] ?? BudgetUse())
                let change = BudgetUse(
                    reserved: new.reserved - old.reserved,
                    committed: new.committed - old.committed,
                    over: new.over - old.over
                )
                uses[place, default: BudgetUse()] += change
                judge(entry, change, at: place, limit: budget.limit.micros)
            }
        }
    }

    private mutating func judge(_ entry: LedgerEntry, _ change: BudgetUse, at place: Place, limit: Int64) {
        let use = uses[place] ?? BudgetUse()
        switch entry.kind {
        case .reserved, .adjusted:
            let sum = use.reserved + use.committed + use.over
            guard change.reserved > 0, sum > limit else { return }
            faults.append("\(entry.sequence): \(entry.kind) lifts \(place) to \(sum) over \(limit)")
        case .committed:
            guard change.committed > 0, use.committed + use.over > limit else { return }
            faults.append("\(entry.sequence): committed at \(place) is \(use.committed + use.over) over \(limit)")
        case .released, .priced: break
        }
        if use.reserved < 0 || use.committed < 0 || use.over < 0 {
            faults.append("\(entry.sequence): \(place) is below nothing")
        }
    }

    private func uses(of budget: Budget, by account: LedgerReplay.Account) -> [Place: BudgetUse] {
        let key = budget.key(of: account.subject)
        var uses: [Place: BudgetUse] = [:]
        for (use, currency, since) in account.uses where currency == budget.limit.currency {
            let start = budget.period.bounds(around: since).start
            uses[Place(budget: budget.name, key: key, start: start), default: BudgetUse()] += use
        }
        return uses
    }
}
