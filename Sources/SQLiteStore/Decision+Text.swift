import Clocks
import Deliveries
import JSON
import Limits
import Spend
import Store

// A decision is written with every delivery, so it is short: one letter for each part, and lists without names in this
// order.
//
//     {"o":opening,"w":[sent,wait,elapsed],"l":[[name,scope,count,period,burst,left]],"n":[type,units,unit,fee],
//      "b":[[name,scope,period,limit,reserved,committed,amount,currency,resets_at]],
//      "r":[rule,[gateways],gateway,[[gateway,obstacle]],parked,trial]}
//
// Times are milliseconds, amounts micros. What a delivery has nothing of is left out, and so is the end of "r" where a
// gateway simply took it.
extension Decision {
    var text: String {
        var object: JSONObject = [:]
        if let opening { object["o"] = .integer(opening.rawValue) }
        if let resend {
            let times = [resend.wait, resend.elapsed].map { JSONValue.integer($0.milliseconds) }
            object["w"] = .array([.integer(resend.sent)] + times)
        }
        if !limits.isEmpty { object["l"] = .array(limits.map(\.json)) }
        if let units {
            object["n"] = [.optional(numberType), .integer(units), .optional(unitPrice), .optional(fee)]
        }
        if !budgets.isEmpty { object["b"] = .array(budgets.map(\.json)) }
        object["r"] = route.json
        return String(decoding: object.serialized(), as: UTF8.self)
    }

    /// `nil` for what is no decision: why something was sent is only shown, nothing else hangs on it.
    init?(text: String) {
        guard let json = try? JSONValue(parsing: [UInt8](text.utf8)), let route = RouteJudgement(json["r"]) else {
            return nil
        }
        self.init(opening: json["o"]?.int.flatMap(Opening.init(rawValue:)), route: route)
        if let parts = json["w"]?.array?.compactMap(\.int), parts.count == 3 {
            resend = ResendJudgement(
                sent: parts[0],
                wait: .milliseconds(parts[1]),
                elapsed: .milliseconds(parts[2])
            )
        }
        limits = json["l"]?.array?.compactMap(LimitJudgement.init) ?? []
        if let parts = json["n"]?.array, parts.count == 4 {
            (numberType, units, unitPrice, fee) = (parts[0].string, parts[1].int, parts[2].int, parts[3].int)
        }
        budgets = json["b"]?.array?.compactMap(BudgetJudgement.init) ?? []
    }
}

extension LimitJudgement {
    fileprivate var json: JSONValue {
        [
            .string(name), .string(scope.rawValue), .integer(rate.count), .integer(rate.period.milliseconds),
            .integer(burst), .integer(left),
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let parts = json.array, parts.count == 6, let name = parts[0].string,
            let scope = parts[1].string.flatMap(Limit.Scope.init), let count = parts[2].int,
            let period = parts[3].int, let burst = parts[4].int, let left = parts[5].int
        else { return nil }
        let rate = Rate(count: count, period: .milliseconds(period))
        self.init(name: name, scope: scope, rate: rate, burst: burst, left: left)
    }
}

extension RouteJudgement {
    fileprivate var json: JSONValue {
        var parts: [JSONValue] = [.optional(rule), .array(gateways.map(JSONValue.string)), .string(gateway)]
        if !passed.isEmpty || parked != nil || isTrial {
            parts.append(.array(passed.map { [.string($0.gateway), .string($0.obstacle.rawValue)] }))
            parts += [.optional(parked?.rawValue), .bool(isTrial)]
        }
        return .array(parts)
    }

    fileprivate init?(_ json: JSONValue?) {
        guard let parts = json?.array, parts.count >= 3, let gateways = parts[1].array, let gateway = parts[2].string
        else { return nil }
        self.init(rule: parts[0].int, gateways: gateways.compactMap(\.string), gateway: gateway)
        guard parts.count == 6 else { return }
        passed = (parts[3].array ?? []).compactMap { pair in
            guard let pair = pair.array, pair.count == 2, let name = pair[0].string,
                let obstacle = pair[1].string.flatMap(Obstacle.init)
            else { return nil }
            return Passed(name, obstacle)
        }
        (parked, isTrial) = (parts[4].int.flatMap(Reason.init(rawValue:)), parts[5].bool ?? false)
    }
}

extension JSONValue {
    static func optional(_ integer: Int64?) -> JSONValue { integer.map(JSONValue.integer) ?? .null }
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
