import Clocks
import JSON
import Spend
import Store

// As it stands in decisions and notes.
extension BudgetJudgement {
    var json: JSONValue {
        [
            .string(name), .string(scope.rawValue), .string(period.rawValue), .integer(limit.micros),
            .integer(reserved), .integer(committed), .integer(amount.micros), .string("\(amount.currency)"),
            .integer(resetsAt.milliseconds),
        ]
    }

    init?(_ json: JSONValue) {
        guard let parts = json.array, parts.count == 9, let name = parts[0].string,
            let scope = parts[1].string.flatMap(Budget.Scope.init),
            let period = parts[2].string.flatMap(Budget.Period.init),
            let limit = parts[3].int, let reserved = parts[4].int, let committed = parts[5].int,
            let amount = parts[6].int, let currency = parts[7].string.flatMap(Currency.init), let end = parts[8].int
        else { return nil }
        self.init(
            name: name,
            scope: scope,
            period: period,
            limit: Money(micros: limit, currency: currency),
            reserved: reserved,
            committed: committed,
            amount: Money(micros: amount, currency: currency),
            resetsAt: Instant(milliseconds: end)
        )
    }
}
