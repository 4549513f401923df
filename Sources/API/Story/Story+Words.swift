import Clocks
import Deliveries
import JSON
import Limits
import Spend
import Store

// The words that several sentences share.
extension Story {
    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "none" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    static func times(_ number: Int64) -> String { number == 1 ? "once" : "\(number) times" }

    /// To a tenth of a second; who reads a sentence asks for no more.
    static func seconds(_ duration: Duration) -> String {
        let tenths = duration.milliseconds / 100
        return tenths % 10 == 0 ? "\(tenths / 10)s" : "\(tenths / 10).\(tenths % 10)s"
    }

    static func count(_ number: Int64, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

    /// Why nothing goes to a gateway.
    static func words(_ obstacle: RouteJudgement.Obstacle) -> String {
        switch obstacle {
        case .down: "cannot be reached"
        case .held: "is held"
        case .noPrice: "has no price for the number"
        case .priceCeiling: "costs more than the price ceiling"
        case .gone: "is no longer in the settings"
        }
    }

    static func words(_ scope: Hold.Scope) -> String {
        switch scope {
        case .prefix: "a hold on its number's prefix"
        case .country: "a hold on its number's country"
        case .tenant: "a hold on its tenant"
        case .gateway: "a hold on its gateway"
        }
    }

    static func words(_ scope: Limit.Scope) -> String {
        switch scope {
        case .recipient: "for each recipient"
        case .ip: "for each internet address"
        case .subject: "for each account"
        case .tenant: "for each tenant"
        case .country: "for each country"
        case .prefix: "for each number prefix"
        case .all: "for all together"
        }
    }

    static func words(_ scope: Budget.Scope) -> String {
        switch scope {
        case .tenant: "the tenant's"
        case .country: "the country's"
        case .purpose: "the purpose's"
        case .all: "of all"
        }
    }
}

extension LimitJudgement {
    var facts: JSONObject {
        [
            "limit": .string(name), "counted_by": .string(scope.rawValue), "rate": .string(rate.text),
            "burst": .integer(burst), "used": .integer(max(burst - left, 0)), "left": .integer(left),
        ]
    }
}

extension ResendJudgement {
    var facts: JSONObject {
        [
            "limit": .string(LegRefusal.resend), "counted_by": "recipient", "sent": .integer(sent),
            "wait_ms": .integer(wait.milliseconds), "elapsed_ms": .integer(elapsed.milliseconds),
        ]
    }
}

extension BudgetJudgement {
    var facts: JSONObject {
        [
            "budget": .string(name), "counted_by": .string(scope.rawValue), "period": .string(period.rawValue),
            "used": .string(Money.text(micros: reserved + committed)),
            "reserved": .string(Money.text(micros: reserved)), "committed": .string(Money.text(micros: committed)),
            "amount": .string(amount.amount), "limit": .string(limit.amount), "currency": .string("\(limit.currency)"),
            "resets_at": .string("\(resetsAt)"),
        ]
    }

    /// How it stood: `of the budget sms (the tenant's, by month) 0.02 of 0.03 USD were used`.
    var words: String {
        "of the budget \(name) (\(Story.words(scope)), by \(period.rawValue)) "
            + "\(Money.text(micros: reserved + committed)) of \(limit) were used"
    }
}
